/** Rows of named ports. Times are UTC milliseconds. */
export interface PortTables {
  port_name: {
    /** Host name: ports are a machine's own, and several may share one database. */
    machine: string;
    name: string;
    port: number | null;
    environment: string;
    service: string | null;
    folder: string | null;
    owner: string | null;
    expires_at: number | null;
    updated_at: number;
  };
}
