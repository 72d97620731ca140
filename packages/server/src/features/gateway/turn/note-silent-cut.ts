import { silentCut } from '../core/model-facts.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Turn } from './turn.ts';

/** The turn goes all the same: the count is rough, and the person may want it so. But it is no secret. */
export function noteSilentCut(turn: Turn, upstream: Upstream): void {
  const cut = silentCut(upstream.facts(turn.model), turn.body.length);
  if (!cut) return;
  turn.losses.push({
    path: 'input',
    what: `the start of about ${cut.tokens} tokens`,
    why: `${upstream.id} gives ${turn.model} a window of ${cut.window} and cuts what does not fit without a word`,
  });
}
