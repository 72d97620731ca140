import type { SessionEvent, VolatileSessionEvent } from '@vigiles/contract';

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * The seed sends what follows from a command flat (`{reason, timestamp, initiated_by}`), everything else under `data`.
 * These are sent both ways, and name under this field who did it.
 */
const flat: Readonly<Record<string, string>> = {
  'execution:halting': 'initiated_by',
  'execution:halted': 'initiated_by',
  'execution:resumed': 'initiated_by',
  'execution:rollback': 'initiated_by',
  'execution:redirect': 'initiated_by',
  'skill:injected': 'injected_by',
  'decision:made': 'made_by',
  'command:update': 'updated_by',
};

/**
 * An event as Socket.IO clients get it, one object: the seed's `{timestamp, data, session_id}` and what resuming
 * needs. Pure; `data` cannot overwrite what the envelope says.
 */
export function seedEnvelope(event: SessionEvent): Record<string, unknown> {
  const { session_id, seq, event_id, ts, type, actor, command_id, data } = event;
  const envelope = { timestamp: iso(ts), data, session_id, seq, event_id, type, actor, command_id };
  const by = Object.hasOwn(flat, type) ? flat[type] : undefined;
  return by === undefined ? envelope : { [by]: actor, ...data, ...envelope };
}

/** The same for what is sent live and never stored: no `seq`, nothing to resume. */
export const volatileEnvelope = ({ session_id, ts, type, data }: VolatileSessionEvent) => ({
  timestamp: iso(ts),
  data,
  session_id,
  type,
  volatile: true as const,
});
