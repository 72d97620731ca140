import type { WireError } from '@vigiles/wire';
import { estimateMicros } from '../core/cost.ts';
import { silentCut } from '../core/model-facts.ts';
import { readRequestHead, type RequestHead } from '../core/request-head.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/**
 * Decides whether a turn may go: its body is readable, its device is within its limits, a provider has its model, and
 * there is money for it. Fills in what it learns.
 * @returns the request's head, or the error to answer with
 */
export function admit(turn: Turn): RequestHead | WireError {
  const { core, identity } = turn;
  const { config } = core;
  const head = readRequestHead(turn.body);
  if (typeof head === 'string') return gatewayError('invalid-request', head);
  turn.modelRequested = turn.model = head.model;
  turn.stream = head.stream;
  if (core.ledger.full()) {
    return gatewayError(
      'overloaded',
      'The ledger cannot be written at the moment; turns wait until it can.',
      {
        code: 'ledger_full',
        retryAfterMs: 5000,
      },
    );
  }
  const plan = core.table.plan(head.model);
  const upstream = plan.ok ? core.table.get(plan.provider) : undefined;
  if (!plan.ok || !upstream) {
    const message = plan.ok ? `The provider ${plan.provider} is gone.` : plan.message;
    return gatewayError('not-found', message, { code: 'model_not_found', param: 'model' });
  }
  turn.upstream = upstream;
  turn.model = plan.upstreamModel;
  noteSilentCut(turn, upstream);

  const now = core.clock.now();
  const limits = {
    requestsPerMinute: config.requests_per_minute,
    concurrentTurns: config.concurrent_turns,
  };
  const verdict = core.limiter.take(identity.deviceId, limits, now);
  if (!verdict.ok) {
    const what = verdict.reason === 'requests_per_minute' ? 'turns a minute' : 'open turns';
    return gatewayError(
      'rate-limited',
      `This device has used its ${verdict.limit} ${what}; ${tryAgain(verdict.retryAfterMs)}.`,
      {
        code: 'rate_limit_exceeded',
        retryAfterMs: verdict.retryAfterMs,
      },
    );
  }
  turn.rates = upstream.facts(turn.model).rates;
  const estimate = turn.rates ? estimateMicros(turn.body.length, head.maxOutputTokens, turn.rates) : 0;
  const money = core.budget.reserve(estimate, core.budgets, now);
  if (!money.ok) {
    core.limiter.release(identity.deviceId);
    const usd = (money.limitMicros / 1e6).toFixed(2);
    return gatewayError('quota', `The ${money.span} budget of $${usd} does not cover this turn.`, {
      code: 'insufficient_quota',
      status: 402,
      retryAfterMs: money.retryAfterMs,
    });
  }
  turn.reservedMicros = estimate;
  turn.inputGuessMicros = turn.rates ? estimateMicros(turn.body.length, 0, turn.rates) : 0;
  turn.admitted = true;
  return head;
}

/** Codex reads the wait from these words where it sees no header. */
const tryAgain = (ms: number): string => `try again in ${Math.max(1, Math.ceil(ms / 1000))}s`;

/** The turn goes all the same: the count is rough, and the person may want it so. But it is no secret. */
function noteSilentCut(turn: Turn, upstream: Upstream): void {
  const cut = silentCut(upstream.facts(turn.model), turn.body.length);
  if (!cut) return;
  turn.losses.push({
    path: 'input',
    what: `the start of about ${cut.tokens} tokens`,
    why: `${upstream.id} gives ${turn.model} a window of ${cut.window} and cuts what does not fit without a word`,
  });
}
