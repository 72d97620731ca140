/** Whose session it is. */
export interface Owned {
  tenant: string;
  owner_device_id: string;
}
