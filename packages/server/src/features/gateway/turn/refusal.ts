import type { WireError } from '@vigiles/wire';
import type { Refusal } from '../core/gate.ts';
import { gatewayError } from './send-error.ts';

/** What a client is told about a turn that may not go. */
export function refusalError(refusal: Refusal): WireError {
  const { retryAfterMs } = refusal;
  switch (refusal.why) {
    case 'open-turns':
      return gatewayError(
        'rate-limited',
        `This device has used its ${refusal.limit} open turns; ${tryAgain(retryAfterMs)}.`,
        { code: 'rate_limit_exceeded', retryAfterMs },
      );
    case 'limit': {
      const { device, model, limit, unit, window, used } = refusal;
      const who = device === null ? 'All devices together have' : 'This device has';
      const what = unit === 'requests' ? 'turns' : 'tokens';
      const where = model === null ? '' : ` of ${model}`;
      const message =
        unit === 'tokens' && used < limit
          ? `${who} ${limit - used} of ${limit} tokens a ${window}${where} left, and this turn may take more; ${tryAgain(retryAfterMs)}.`
          : `${who} used the ${limit} ${what} a ${window}${where}; ${tryAgain(retryAfterMs)}.`;
      return gatewayError('rate-limited', message, { code: 'rate_limit_exceeded', retryAfterMs });
    }
    case 'budget': {
      const usd = (refusal.limitMicros / 1e6).toFixed(2);
      const whose = refusal.scope === 'whole' ? '' : ` of the ${refusal.scope} ${refusal.name}`;
      return gatewayError(
        'quota',
        `The ${refusal.span} budget${whose} of $${usd} does not cover this turn.`,
        {
          code: 'insufficient_quota',
          status: 402,
          retryAfterMs,
        },
      );
    }
    case 'away':
      return gatewayError(
        'overloaded',
        'Budgets cannot be checked: Redis (bus.url) does not answer, and bus.when_away is "refuse".',
        { code: 'bus_unavailable', retryAfterMs },
      );
  }
}

/** Where the limit stands, as the IETF's RateLimit fields and under the older names. */
export function refusalHeaders(refusal: Refusal): [string, string][] {
  if (refusal.why !== 'limit' && refusal.why !== 'open-turns') return [];
  const reset = String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)));
  const remaining = refusal.why === 'limit' ? Math.max(0, refusal.limit - refusal.used) : 0;
  const fields: [string, string][] = [
    ['limit', String(refusal.limit)],
    ['remaining', String(remaining)],
    ['reset', reset],
  ];
  return fields.flatMap(([name, value]) => [
    [`ratelimit-${name}`, value],
    [`x-ratelimit-${name}`, value],
  ]);
}

/** Codex reads the wait from these words where it sees no header. */
const tryAgain = (ms: number): string => `try again in ${Math.max(1, Math.ceil(ms / 1000))}s`;
