/** What a session file (rollout) of Codex says, as far as faults of the agent go. Read line by line. */
export interface Rollout {
  /** Id of the turn that has begun and not ended. */
  turn: string | null;
  model: string | null;
}

/** A turn ended badly. */
export interface RolloutFailure {
  turn: string | null;
  /** Codex’s own word: `context_window_exceeded`, `other` … */
  code: string | null;
  /** Hostile. */
  message: string;
}

/** Only lines with one of these are parsed: the others may be large and say nothing about faults. */
const telling = ['task_started', 'task_complete', 'turn_aborted', 'stream_error', '"error"'];

interface Payload {
  type?: unknown;
  turn_id?: unknown;
  message?: unknown;
  error?: { message?: unknown; codex_error_info?: unknown } | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * Takes one line (seen with Codex 0.169: `{"type":"event_msg","payload":{"type":"task_complete","error":{…}}}`) and gives
 * what went wrong, if it says so. `turn` is kept up to date.
 */
export function takeRolloutLine(rollout: Rollout, line: string): RolloutFailure | null {
  if (!telling.some((word) => line.includes(word))) return null;
  let payload: Payload;
  try {
    const parsed = JSON.parse(line) as { type?: unknown; payload?: Payload | null };
    if (parsed.type !== 'event_msg' || !parsed.payload) return null;
    payload = parsed.payload;
  } catch {
    return null;
  }
  const turn = text(payload.turn_id) ?? rollout.turn;
  switch (payload.type) {
    case 'task_started':
      rollout.turn = turn ?? '';
      return null;
    case 'turn_aborted':
      rollout.turn = null;
      return null;
    case 'task_complete':
      rollout.turn = null;
      return payload.error
        ? {
            turn,
            code: text(payload.error.codex_error_info),
            message: text(payload.error.message) ?? 'no reason given',
          }
        : null;
    case 'error':
    case 'stream_error':
      return { turn, code: null, message: text(payload.message) ?? '' };
    default:
      return null;
  }
}
