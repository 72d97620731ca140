import type { WireError } from '@vigiles/wire';
import { silentCut } from '../core/model-facts.ts';
import { readRequestHead, type RequestHead } from '../core/request-head.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { reserveTurn } from './reserve.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/**
 * Decides whether a turn may go: its body is readable, a provider has its model, its device is within its limits, and
 * there is money for it. Fills in what it learns. A promise only where Redis counts for several gateways.
 * @returns the request's head, or the error to answer with
 */
export function admit(turn: Turn): RequestHead | WireError | Promise<RequestHead | WireError> {
  const { core } = turn;
  const head = turn.head ?? readRequestHead(turn.body);
  if (typeof head === 'string') return gatewayError('invalid-request', head);
  turn.modelRequested = turn.model = head.model;
  turn.stream = head.stream;
  turn.maxOutputTokens = head.maxOutputTokens;
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
  const chosen = turn.only ?? choose(turn, head.model);
  if ('kind' in chosen) return chosen;
  const { upstream } = chosen;
  turn.upstream = upstream;
  turn.model = chosen.model;
  noteSilentCut(turn, upstream);
  const refused = reserveTurn(turn);
  return refused instanceof Promise ? refused.then((error) => error ?? head) : (refused ?? head);
}

/** Where the turn goes; the words that say why nowhere. */
function choose({ core }: Turn, model: string): { upstream: Upstream; model: string } | WireError {
  const plan = core.table.plan(model);
  const upstream = plan.ok ? core.table.get(plan.provider) : undefined;
  if (plan.ok && upstream) return { upstream, model: plan.upstreamModel };
  const message = plan.ok ? `The provider ${plan.provider} is gone.` : plan.message;
  return gatewayError('not-found', message, { code: 'model_not_found', param: 'model' });
}

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
