import type { IncomingMessage } from 'node:http';
import { NO_WORDS, readTaskWords } from '../core/route/task.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { Upstream } from '../upstream/upstream.ts';

/**
 * The provider that may be asked to count a request: its model's, where a turn that says as little would go there without
 * further ado. Anything else is counted here: a count shows its provider the prompt.
 */
export function countingPlace(
  core: GatewayCore,
  req: IncomingMessage,
  model: string,
): { upstream: Upstream; model: string } | null {
  const plan = core.table.plan(model);
  if (!plan.ok || !plan.plain || readTaskWords(req.headers, req.url ?? '') !== NO_WORDS) return null;
  const upstream = core.table.get(plan.provider);
  return upstream ? { upstream, model: plan.upstreamModel } : null;
}
