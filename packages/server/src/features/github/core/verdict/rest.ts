import type { Verdict } from '@vigiles/contract';

/** Limits of requests open again within the hour; a network that broke needs a moment, and so does whoever serves it. */
const restMs = { rate_limit: 30 * 60_000, infrastructure: 60_000 };

/** How long to wait before the failed jobs are run again, in ms; 0: no reason to wait. */
export function restBeforeRetryMs({ kind }: Pick<Verdict, 'kind'>): number {
  return kind === 'rate_limit' || kind === 'infrastructure' ? restMs[kind] : 0;
}
