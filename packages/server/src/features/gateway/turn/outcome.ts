import type { FailureCause, RouteAttempt, TurnOutcome } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { failureCause } from '../core/failures/failure-cause.ts';
import { causeOf } from '../core/health/cause.ts';
import { releaseProbe } from '../core/health/health-entry.ts';
import type { Turn } from './turn.ts';

/** Longest error text kept with an attempt. */
const MAX_MESSAGE = 300;

/** The attempt under way has failed: its provider's health and the turn's record hear of it, once. */
export function noteFailure(turn: Turn, error: WireError): FailureCause | null {
  const cause = causeOf(error);
  if (!turn.trying) return cause;
  turn.trying = false;
  const { core, health, upstream } = turn;
  const message = turn.core.redact(error.message).slice(0, MAX_MESSAGE);
  if (upstream) tell(turn, upstream.id, error);
  if (health) {
    if (cause) core.health.failed(health, core.clock.now(), { cause, namedMs: namedBy(error), message });
    else releaseProbe(health);
  }
  if (upstream && cause && cause !== 'not-found') core.table.setState(upstream, 'failing', message);
  log(turn, cause ? 'failed' : 'refused', { cause, status: error.status ?? null, message });
  return cause;
}

/** The watchdog hears of it. */
function tell({ core, model, errno }: Turn, provider: string, error: WireError): void {
  const cause = failureCause(error, errno);
  if (cause === null) return;
  const { status = null, code = errno, retryAfterMs = null } = error;
  const call = { provider, model, cause, status, code: errno ?? code, retryAfterMs };
  core.failures.failed({ ...call, message: core.lessons.redact(error.message) }, core.clock.now());
}

/** No place was left for a turn that had a choice. */
export function noteNoRoute(turn: Turn, status: number, error: WireError | undefined): void {
  const { core, modelRequested: model } = turn;
  const call = { provider: '', model, cause: 'no-route' as const, status };
  const { code = null, retryAfterMs = null, message = '' } = error ?? {};
  core.failures.failed(
    { ...call, code, retryAfterMs, message: core.lessons.redact(message) },
    core.clock.now(),
  );
}

/** Only a wait that the provider itself named holds for the turns after this one. */
const namedBy = (error: WireError): number | undefined =>
  error.source === 'upstream' ? error.retryAfterMs : undefined;

/** The turn is over; what its last attempt says about the provider is kept. Success counts here and nowhere earlier. */
export function noteEnd(
  turn: Turn,
  outcome: TurnOutcome,
  status: number,
  error: WireError | undefined,
): void {
  if (!turn.trying) return;
  if (error && outcome === 'upstream_error') {
    noteFailure(turn, error);
    return;
  }
  turn.trying = false;
  const { core, health, upstream } = turn;
  if (!health) return;
  if (outcome === 'ok' && upstream) core.table.setState(upstream, 'ok', null);
  if (outcome === 'ok') {
    core.health.succeeded(health, firstContentMs(turn), core.clock.now());
    if (upstream) core.failures.worked(upstream.id, turn.model);
  } else {
    releaseProbe(health);
    if (outcome === 'client_aborted' && upstream) {
      const call = { provider: upstream.id, model: turn.model, cause: 'client-gone' as const };
      core.failures.failed(
        { ...call, status, code: null, message: '', retryAfterMs: null },
        core.clock.now(),
      );
    }
  }
  // A plain turn that worked at once has nothing to tell.
  if (!turn.routing && !turn.attemptLog) return;
  log(turn, outcome === 'ok' ? 'ok' : 'aborted', { cause: null, status, message: error?.message ?? null });
}

/** From the sending of this attempt to its first content: how long its length takes is not the provider's merit. */
function firstContentMs(turn: Turn): number {
  const { startedMono, sentAt, ttftMs, core } = turn;
  return ttftMs === null ? core.clock.monotonic() - sentAt : Math.max(0, startedMono + ttftMs - sentAt);
}

function log(
  turn: Turn,
  outcome: RouteAttempt['outcome'],
  end: Pick<RouteAttempt, 'cause' | 'status' | 'message'>,
): void {
  const { core, upstream, model, sentAt, startedMono } = turn;
  (turn.attemptLog ??= []).push({
    provider: upstream?.id ?? '',
    model,
    started_ms: round(sentAt - startedMono),
    latency_ms: round(core.clock.monotonic() - sentAt),
    outcome,
    ...end,
  });
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
