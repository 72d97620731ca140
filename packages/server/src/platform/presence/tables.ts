/** Controls that share a database; times are UTC milliseconds. */
export interface PresenceTables {
  control_presence: {
    /** `Store.instance` of its opening of the database. */
    instance: string;
    /** Where its pid means something; null: its process cannot be looked for. */
    place: string | null;
    pid: number;
    start_time: string | null;
    /** It says again that it is there, long before. */
    alive_until: number;
  };
}
