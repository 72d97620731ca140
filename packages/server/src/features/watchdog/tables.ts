/** Rows of the watchdog. Times are UTC milliseconds, `data` JSON text. */
export interface WatchdogTables {
  incident: {
    id: string;
    service: string;
    state: string;
    opened_at: number;
    closed_at: number | null;
    data: string;
  };
  service_state: { service: string; state: string; since: number; reason: string };
  beat: { service: string; ts: number; state: string; latency_ms: number | null; message: string | null };
}
