import type { z } from 'zod';
import type { Decision, DecisionOption, DecisionResolution, NewDecision } from '@vigiles/contract';

/** Checked, with its defaults. */
type Given = z.output<typeof NewDecision>;

/** What a plain word means where a permission is asked for: the seed's orchestrators send no kinds. */
const refusing = /^(no|n|deny|denied|reject|decline|refuse|abort|cancel)$/i;

function optionOf(given: Given['options'][number], permission: boolean): DecisionOption {
  const option =
    typeof given === 'string'
      ? { id: given, label: given, kind: null }
      : { id: given.id, label: given.label ?? given.id, kind: given.kind ?? null };
  if (permission && option.kind === null && refusing.test(option.id)) option.kind = 'reject_once';
  return option;
}

const refuses = (option: DecisionOption | undefined): boolean =>
  option?.kind === 'reject_once' || option?.kind === 'reject_always';

export interface OpenOptions {
  decisionId: string;
  sessionId: string;
  tenant: string;
  /** Who asks. */
  askedBy: string;
  nowMs: number;
  /** Seconds where the agent names none; 0: no end. */
  timeoutS: number;
}

/** A decision as it is kept, or what is wrong with it. A permission's default never lets something happen. */
export function openDecision(given: Given, where: OpenOptions): Decision | { problem: string } {
  const permission = given.kind === 'permission';
  const options = given.options.map((option) => optionOf(option, permission));
  if (new Set(options.map(({ id }) => id)).size !== options.length)
    return { problem: 'options: the same option twice' };
  const fallback = given.default ?? null;
  const chosen = options.find(({ id }) => id === fallback);
  if (fallback !== null && options.length > 0 && !chosen)
    return { problem: `default: "${fallback}" is not among the options` };
  const unsafe = permission && !refuses(chosen);
  const wanted = given.on_timeout ?? (permission || fallback === null ? 'deny' : 'default');
  const seconds = given.timeout_s === undefined ? where.timeoutS || null : given.timeout_s;
  return {
    decision_id: where.decisionId,
    session_id: where.sessionId,
    tenant: where.tenant,
    kind: permission ? 'permission' : 'question',
    question: given.question,
    options,
    default: fallback,
    // Without anybody's word a permission is refused, whatever its agent would like best.
    on_timeout: wanted === 'default' && (unsafe || fallback === null) ? 'deny' : wanted,
    asked_by: where.askedBy,
    opened_at: where.nowMs,
    expires_at: endOf(seconds, given.latest_s ?? null, where.nowMs),
    latest_at: endOf(null, given.latest_s ?? null, where.nowMs),
    state: 'pending',
    resolution: null,
    detail: given.detail ?? {},
  };
}

/** A decision does not outlast the patience of whoever asks. */
function endOf(seconds: number | null, latestS: number | null, nowMs: number): number | null {
  if (seconds === null && latestS === null) return null;
  return nowMs + Math.round(Math.min(seconds ?? Infinity, latestS ?? Infinity) * 1000);
}

/** Whether the same question was asked again under the same id. */
export const sameQuestion = (a: Decision, b: Decision): boolean =>
  a.question === b.question && a.kind === b.kind && JSON.stringify(a.options) === JSON.stringify(b.options);

export type Verdict =
  | { kind: 'take' }
  /** It was answered like this before. */
  | { kind: 'same'; resolution: DecisionResolution }
  | { kind: 'lost'; resolution: DecisionResolution; error: string }
  | { kind: 'wrong'; error: string };

/** How it ended, for people who come too late. */
export function outcomeText({ resolution }: Decision): string {
  if (!resolution) return 'It is still waiting.';
  const { source, choice, by } = resolution;
  const chosen = choice === null ? 'nothing' : `"${choice}"`;
  if (source === 'operator') return `${by} chose ${chosen}.`;
  if (source === 'default') return `Nobody answered in time: the default ${chosen} counts.`;
  if (source === 'expired')
    return `Nobody answered in time: it expired${choice === null ? '' : ` with ${chosen}`}.`;
  return `It does not matter any more: ${resolution.note || 'it was cancelled'}.`;
}

/**
 * Whether an answer counts. The first valid one does; the same again is no mistake, another one is told who won.
 * @param ownRequest it comes from whoever asks: it cannot allow itself anything
 */
export function judgeAnswer(decision: Decision, choice: string, ownRequest: boolean, nowMs: number): Verdict {
  const { options, resolution } = decision;
  const option = options.find(({ id }) => id === choice);
  if (options.length > 0 && !option) {
    const offered = options.map(({ id }) => `"${id}"`).join(', ');
    return { kind: 'wrong', error: `"${choice.slice(0, 100)}" is not an option; there are ${offered}` };
  }
  if (resolution) {
    if (resolution.source === 'operator' && resolution.choice === choice) return { kind: 'same', resolution };
    return { kind: 'lost', resolution, error: `Decision already made. ${outcomeText(decision)}` };
  }
  if (decision.expires_at !== null && decision.expires_at <= nowMs)
    return { kind: 'wrong', error: 'Decision expired: its time is over' };
  if (decision.kind === 'permission' && ownRequest && !refuses(option))
    return { kind: 'wrong', error: 'Who asks for a permission cannot give it to itself' };
  return { kind: 'take' };
}

/** What becomes of a decision nobody answered in time. `halt`: the session is halted as well. */
export function expire(decision: Decision, nowMs: number): { resolution: DecisionResolution; halt: boolean } {
  const { on_timeout, options } = decision;
  const at = nowMs;
  if (on_timeout === 'default')
    return {
      resolution: {
        source: 'default',
        choice: decision.default,
        by: 'system',
        at,
        note: 'Nobody answered in time',
      },
      halt: false,
    };
  const refusal = options.find(refuses)?.id ?? null;
  return {
    resolution: {
      source: 'expired',
      choice: on_timeout === 'deny' ? refusal : null,
      by: 'system',
      at,
      note:
        on_timeout === 'halt' ? 'Nobody answered in time: the session is halted' : 'Nobody answered in time',
    },
    halt: on_timeout === 'halt',
  };
}

export type Extended =
  | { kind: 'extended'; decision: Decision }
  | { kind: 'refused'; code: string; error: string };

/**
 * Gives a question that waits more time.
 * @param mostS seconds after it was asked up to which people may do so
 */
export function extendDecision(decision: Decision, seconds: number, mostS: number, nowMs: number): Extended {
  const { state, expires_at: expiresAt, opened_at: openedAt } = decision;
  const latestAt = decision.latest_at ?? Infinity;
  const refused = (code: string, error: string): Extended => ({ kind: 'refused', code, error });
  if (state === 'resolved')
    return refused('decision_made', `Decision already made. ${outcomeText(decision)}`);
  if (expiresAt === null) return refused('no_deadline', 'It waits until somebody answers.');
  if (expiresAt <= nowMs) return refused('decision_expired', 'Decision expired: its time is over');
  const bound = Math.min(openedAt + mostS * 1000, latestAt);
  const next = Math.min(expiresAt + seconds * 1000, bound);
  if (next <= expiresAt)
    return refused(
      'extension_limit',
      bound === latestAt
        ? 'Whoever asks does not wait any longer than this.'
        : 'It cannot wait any longer (sessions.decision_extension_s).',
    );
  return { kind: 'extended', decision: { ...decision, expires_at: next } };
}
