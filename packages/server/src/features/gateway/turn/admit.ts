import type { WireError } from '@vigiles/wire';
import { readRequestHead, type RequestHead } from '../core/request-head.ts';
import { pinnedTo } from '../core/route/plan-route.ts';
import { readTaskWords } from '../core/route/task.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/**
 * Decides whether a turn may go at all: its body is readable, what it says of itself is understood, and its model means
 * something here. Fills in what it learns.
 * @returns the request's head, or the error to answer with
 */
export function admit(turn: Turn): RequestHead | WireError {
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
  const words = readTaskWords(turn.req.headers, turn.req.url ?? '');
  if ('field' in words) {
    return gatewayError('invalid-request', `\`${words.field}\` ${words.message}.`, { param: words.field });
  }
  const plan = turn.only
    ? pinnedTo(turn.only.upstream, turn.only.model, core.config.policy)
    : core.table.plan(head.model);
  if (!plan.ok) return gatewayError('not-found', plan.message, { code: 'model_not_found', param: 'model' });
  turn.head = head;
  turn.words = words;
  turn.map = plan;
  return head;
}
