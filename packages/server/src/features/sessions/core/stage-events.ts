import {
  NewDecision,
  NewSessionEvent,
  reservedTopics,
  type NewSessionEvent as NewEvent,
} from '@vigiles/contract';
import { failed, fault, ok, type Result } from '../../../kernel/fault.ts';
import type { StagedEvent } from './staged-event.ts';
import type { CleanJson } from './clean-data.ts';
import { effectOf } from './effects.ts';
import { isOrdinary } from './ordinary-event.ts';

export interface StageOptions {
  actor: string;
  /** Prefix of the ids that a producer chooses: those of two devices never meet. */
  producer: string;
  nowMs: number;
  newId(prefix: string): string;
  maxBytes: number;
  /** The server's own adapters may say what the server says. */
  trusted: boolean;
  /** What is kept of what was said. */
  clean: CleanJson;
}

/** Types that change more than the session's own row, and so need a transaction of their own. */
const weighty: ReadonlySet<string> = new Set([
  'decision:point',
  'checkpoint:created',
  'execution:halted',
  'execution:resumed',
  'execution:completed',
  'execution:failed',
]);

export const isWeighty = (type: string): boolean => weighty.has(type);

const invalid = (index: number, message: string, code = 'invalid_request'): Result<never> =>
  failed(fault('invalid', code, `events[${index}]${message}`, { details: { index } }));

/** A producer's clock is believed within these bounds. Milliseconds. */
const oldestMs = 366 * 86_400_000;
const aheadMs = 300_000;

function timeOf(given: number | string | undefined, nowMs: number): number {
  const ms = typeof given === 'string' ? Date.parse(given) : (given ?? nowMs);
  return Number.isFinite(ms) && ms > nowMs - oldestMs && ms < nowMs + aheadMs ? Math.trunc(ms) : nowMs;
}

/** Depth at which data is a trick rather than data. */
const maxDepth = 64;

function tooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === 92) i += 1;
      else if (code === 34) inText = false;
    } else if (code === 34) inText = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return false;
}

const controls = /\p{Cc}/u;

/** Checks a producer's batch and prepares it for the log; the first thing wrong names its place. */
export function stageEvents(batch: readonly NewEvent[], options: StageOptions): Result<StagedEvent[]> {
  const { actor, producer, nowMs, newId, maxBytes, trusted, clean } = options;
  const staged: StagedEvent[] = [];
  for (const [index, given] of batch.entries()) {
    const parsed = isOrdinary(given) ? null : NewSessionEvent.safeParse(given);
    if (parsed && !parsed.success) {
      const issue = parsed.error.issues[0];
      const path = issue?.path.map((part) => `.${String(part)}`).join('') ?? '';
      return invalid(index, `${path}: ${issue?.message ?? 'not valid'}`);
    }
    const taken = parsed ? parsed.data : given;
    const { type, local_id, timestamp, command_id } = taken;
    const topic = type.slice(0, type.indexOf(':'));
    if (!trusted && reservedTopics.some((reserved) => reserved === topic))
      return invalid(index, `.type: only the server writes events of the topic "${topic}"`, 'reserved_type');
    if (local_id !== undefined && controls.test(local_id))
      return invalid(index, '.local_id: holds control characters');
    const said = JSON.stringify(taken.data);
    // Each UTF-16 unit is at most three bytes.
    if (said.length > maxBytes || (said.length * 3 > maxBytes && Buffer.byteLength(said) > maxBytes))
      return invalid(index, `.data: larger than ${maxBytes} bytes`, 'event_too_large');
    if (tooDeep(said)) return invalid(index, `.data: nested deeper than ${maxDepth} levels`);
    const payload = clean(said);
    const data = payload === said ? (taken.data ?? {}) : (JSON.parse(payload) as Record<string, unknown>);
    if (type === 'decision:point') {
      const decision = NewDecision.safeParse(data);
      if (!decision.success)
        return invalid(
          index,
          `.data.${decision.error.issues[0]?.path.join('.') ?? ''}: ${decision.error.issues[0]?.message ?? 'not valid'}`,
        );
    }
    staged.push({
      eventId: local_id === undefined ? newId('sev') : `${producer}/${local_id}`,
      ts: timeOf(timestamp, nowMs),
      type,
      actor,
      commandId: command_id ?? null,
      payload,
      chosen: local_id !== undefined,
      effect: effectOf(type, data),
    });
  }
  return ok(staged);
}
