/** Rows of the action runner. `data` columns are JSON text; times are UTC milliseconds. */
export interface ActionTables {
  action_run: {
    id: string;
    /** (incident, action, attempt): asking twice does it once. Null where a person asked. */
    idempotency_key: string | null;
    action: string;
    target: string;
    state: string;
    incident_id: string | null;
    fault: string;
    created_at: number;
    finished_at: number | null;
    data: string;
    /** The control that carries it; its `Presence.id`. Null: of an earlier version. */
    owner: string | null;
  };
  /** What a run kept before it changed anything: for undoing it. */
  action_snapshot: { run_id: string; created_at: number; data: string };
  spend_guard: { name: string; data: string };
  action_guard: { target: string; data: string };
  audit: {
    seq: number;
    ts: number;
    actor: string;
    verb: string;
    target: string;
    data: string;
    previous_hash: string;
    hash: string;
  };
}
