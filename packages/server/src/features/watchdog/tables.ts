/** Rows of the watchdog. Times are UTC milliseconds, `data` JSON text. */
export interface WatchdogTables {
  incident: {
    id: string;
    service: string;
    state: string;
    opened_at: number;
    closed_at: number | null;
    /** Names the story: a service, or target and fault. */
    story: string;
    fault: string;
    severity: string;
    fingerprint: string | null;
    /** What is searched, in lower case. */
    words: string;
    /** The control that goes on with it, by its name in the presence; empty where none said so. */
    owner: string;
    data: string;
  };
  known_pattern: { fingerprint: string; last_at: number; data: string };
  diagnosis_call: { id: string; ts: number; data: string };
  service_state: { service: string; state: string; since: number; reason: string };
  /** What a person has set; `services` is JSON text, empty for every service. */
  maintenance: {
    id: string;
    services: string;
    from_ts: number;
    to_ts: number;
    reason: string;
    actor: string;
  };
  /** Looks that counted on one day (UTC, days since the epoch), and those of them that found it up. */
  uptime_day: { service: string; day: number; up: number; total: number };
  heartbeat: HeartbeatRow;
  /** The fleet at one moment; `data` is JSON text. */
  health_snapshot: { ts: number; data: string };
  /** Moments worth remembering, by name. */
  watchdog_mark: { name: string; ts: number };
}

/** What was last heard of a heartbeat check, and that we listened. */
export interface HeartbeatRow {
  service: string;
  check_id: string;
  token: string;
  first_at: number;
  last_at: number | null;
  status: string;
  message: string;
  ping_ms: number | null;
  alive_at: number;
}
