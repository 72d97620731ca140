/** One override, as it is stored: the resource as JSON. */
export interface OverrideRow {
  id: string;
  provider: string;
  until_ms: number;
  data: string;
}

export interface OverrideTables {
  provider_override: OverrideRow;
}
