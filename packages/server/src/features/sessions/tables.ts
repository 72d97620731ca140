import type { Selectable } from 'kysely';

/** The sessions as they stand, and their logs. Times are UTC ms, JSON is text. */
export interface SessionTables {
  session: {
    session_id: string;
    tenant: string;
    owner_device_id: string;
    created_at: number;
    /** Of its last event, or of its making: the order of the list. */
    active_at: number;
    last_event_at: number | null;
    status: string;
    phase: string;
    phase_reason: string;
    title: string;
    skills: string;
    metadata: string;
    progress: number;
    current_skill: string | null;
    /** `SessionAgent` or null. */
    agent: string | null;
    /** Of the agent's process: with `agent.pid` it names one process for ever. */
    start_time: string | null;
    cost_microusd: number;
    tokens_input: number;
    tokens_cached: number;
    tokens_output: number;
    head_seq: number;
    /** Events up to and including this one were deleted. */
    trimmed_seq: number;
    pending_decisions: number;
  };
  session_event: {
    session_id: string;
    seq: number;
    event_id: string;
    ts: number;
    type: string;
    actor: string;
    command_id: string | null;
    payload: string;
  };
  session_command: {
    session_id: string;
    command_id: string;
    type: string;
    args: string;
    state: string;
    actor: string;
    expected_seq: number | null;
    created_at: number;
    deadline: number;
    delivered_at: number | null;
    settled_at: number | null;
    epoch: number | null;
    seq: number;
    note: string;
    evidence: string | null;
    /** 1: whoever has it may be given it twice. */
    idempotent: number;
    /** What the caller was answered, as JSON: a repeat of the id gets it again. */
    answer: string;
  };
  session_decision: {
    session_id: string;
    decision_id: string;
    tenant: string;
    state: string;
    opened_at: number;
    expires_at: number | null;
    /** `Decision` as JSON. */
    data: string;
  };
  session_lease: {
    session_id: string;
    holder: string;
    device_id: string;
    epoch: number;
    acquired_at: number;
    /** 0: it was given back. */
    expires_at: number;
    idempotent: string;
  };
  session_checkpoint: {
    session_id: string;
    checkpoint_id: string;
    seq: number;
    created_at: number;
    /** `Checkpoint` as JSON. */
    data: string;
  };
  session_skill: { tenant: string; name: string; updated_at: number; data: string };
  /** Sessions that were deleted and whose rows go bit by bit. */
  session_purge: { session_id: string };
}

export type SessionRow = Selectable<SessionTables['session']>;
export type CommandRow = Selectable<SessionTables['session_command']>;
export type LeaseRow = Selectable<SessionTables['session_lease']>;
