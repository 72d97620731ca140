import { worthAnother } from '../core/health/cause.ts';
import { secretWords, type Verdict } from '../core/route/decide.ts';
import type { Candidate } from '../core/route/plan-route.ts';
import { retryWaitMs } from '../core/retry.ts';
import type { WireError } from '@vigiles/wire';
import { noteFailure } from './outcome.ts';
import { judge, type TurnRouting } from './routing.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/** What to do with a turn next. */
export type Step =
  | { do: 'send'; candidate: Candidate }
  /** Look for secrets first, then choose again. */
  | { do: 'scan' }
  /** Choose again after `ms`. */
  | { do: 'wait'; ms: number }
  /** Send the same call again after `ms`. */
  | { do: 'again'; ms: number }
  | { do: 'fail'; error: WireError };

/** Times one turn may wait for a provider to have cooled. */
const MAX_WAITS = 2;

/** Before a local server that just failed is asked again. */
const LOCAL_AGAIN_MS = 250;

/** Where a turn with a choice goes now. */
export function choose(turn: Turn, routing: TurnRouting): Step {
  const verdicts = judge(turn, routing);
  routing.exhausted = false;
  const next = verdicts.find(
    ({ rejected, standing }) => rejected === null && !routing.tried.has(standing.candidate),
  );
  if (next) {
    const { candidate } = next.standing;
    return mustScan(turn, routing, candidate) ? { do: 'scan' } : { do: 'send', candidate };
  }
  const { core } = turn;
  const soonest = soonestMs(verdicts, core.clock.now());
  if (soonest !== null && soonest <= core.config.retry_wait_max_s * 1000 && routing.waits < MAX_WAITS) {
    routing.waits += 1;
    return { do: 'wait', ms: soonest };
  }
  const { lastError } = routing;
  routing.exhausted = verdicts.length > 1 && (soonest !== null || lastError !== null);
  return {
    do: 'fail',
    error: lastError ? lastWord(turn, routing, lastError) : refusal(turn, routing, soonest),
  };
}

/**
 * What becomes of a turn whose attempt failed while nothing had reached its client.
 * @param mayRepeat false where the same call must not be sent again
 */
export function afterFailure(turn: Turn, error: WireError, mayRepeat = true): Step {
  const { core, routing } = turn;
  const cause = noteFailure(turn, error);
  const fail: Step = { do: 'fail', error };
  if (core.draining) return fail;
  if (!routing) return repeat(turn, error, mayRepeat) ?? fail;
  const candidate = turn.candidate;
  if (!candidate || !worthAnother(error)) return fail;

  routing.tried.add(candidate);
  routing.lastError = error;
  if (error.kind === 'context-length') routing.tooSmall.add(candidate);
  if (candidate.side === 'local' && cause) routing.localFailures += 1;
  if (cause === 'rate-limited' || cause === 'overloaded' || cause === 'connection') routing.hopeful ??= error;
  const left = core.config.policy.max_attempts - turn.attempts;
  if (left <= 0) {
    routing.exhausted = routing.map.candidates.length > 1;
    return { do: 'fail', error: lastWord(turn, routing, error) };
  }
  const step = choose(turn, routing);
  if (step.do === 'send' || step.do === 'scan') return step;
  if (awaitsLocal(routing.verdicts) && candidate.side === 'local' && cause) {
    return { do: 'again', ms: LOCAL_AGAIN_MS };
  }
  const again = repeat(turn, error, mayRepeat);
  if (again) {
    routing.exhausted = false;
    return again;
  }
  if (step.do === 'wait') {
    routing.tried.clear();
    return step;
  }
  return { do: 'fail', error: lastWord(turn, routing, error) };
}

function repeat(turn: Turn, error: WireError, mayRepeat: boolean): Step | null {
  if (!mayRepeat || error.code === 'upstream_unreachable') return null;
  const ms = retryWaitMs(error, turn.attempts - 1, turn.core.config.retry_wait_max_s * 1000);
  return ms === null ? null : { do: 'again', ms };
}

/** The cloud is held back until a local place has failed often enough. */
const awaitsLocal = (verdicts: readonly Verdict[]): boolean =>
  verdicts.some(({ rejected }) => rejected?.code === 'not-earned');

/** Whether the prompt has to be looked through before it may go there. */
function mustScan(turn: Turn, routing: TurnRouting, candidate: Candidate): boolean {
  if (candidate.side === 'local' || routing.scanned) return false;
  const { secrets } = turn.core.config.policy;
  if (secrets !== 'keep-local') return secrets === 'refuse';
  return routing.map.candidates.some(({ side, missing }) => side === 'local' && !missing);
}

/** How long until any place that is merely busy may be asked again; null: none is. */
function soonestMs(verdicts: readonly Verdict[], now: number): number | null {
  let soonest: number | null = null;
  for (const { rejected, standing } of verdicts) {
    if (rejected?.code !== 'cooling' && rejected?.code !== 'probing') continue;
    const ms = Math.max(1, (standing.block?.until ?? now) - now);
    if (soonest === null || ms < soonest) soonest = ms;
  }
  return soonest;
}

/** The error that helps its client most: one that can be waited for, with the shortest wait of all places. */
function lastWord(turn: Turn, routing: TurnRouting, error: WireError): WireError {
  if (routing.map.candidates.length < 2) return error;
  const told = routing.hopeful ?? error;
  const soonest = soonestMs(judge(turn, routing), turn.core.clock.now());
  return soonest === null ? told : { ...told, retryAfterMs: soonest };
}

/** Nothing may be used: why, in words that name every place. */
function refusal(turn: Turn, routing: TurnRouting, soonest: number | null): WireError {
  const { verdicts } = routing;
  const reasons = verdicts.map(({ standing, rejected }) => {
    const { provider, model } = standing.candidate;
    return `${provider}/${model}: ${rejected?.detail ?? 'it failed'}`;
  });
  const name = `\`${turn.modelRequested}\``;
  if (soonest !== null) {
    const busy = verdicts.every(({ standing }) => !standing.block || standing.block.cause === 'rate-limited');
    const seconds = Math.max(1, Math.ceil(soonest / 1000));
    return gatewayError(
      busy ? 'rate-limited' : 'overloaded',
      `Everything that ${name} may use is busy or was failing; try again in ${seconds}s. ${reasons.join('; ')}.`,
      { code: busy ? 'rate_limit_exceeded' : 'all_candidates_cooling', retryAfterMs: soonest },
    );
  }
  if (routing.money) return routing.money;
  const codes = new Set(verdicts.map(({ rejected }) => rejected?.code));
  const found = routing.secrets ?? [];
  if (codes.has('private') || codes.has('secrets') || codes.has('cloud-off')) {
    const secret = codes.has('secrets') ? ` A secret was found in the prompt (${secretWords(found)}).` : '';
    return gatewayError('permission', `${name} may not be sent anywhere.${secret} ${reasons.join('; ')}.`, {
      code: 'kept_local',
    });
  }
  return gatewayError(
    'invalid-request',
    `Nothing that ${name} stands for may take this turn. ${reasons.join('; ')}.${routing.map.cure}`,
    {
      code: 'no_candidate',
      param: 'model',
    },
  );
}
