import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { CiRun, CiRunDetail, GithubHealth, VigilesEvent } from '@vigiles/contract';
import { is } from '../live/patch.ts';
import { placeRun } from '../live/patch-ci.ts';
import type { CiRunPage } from './ci-queries.ts';

/** Writes one run into every cached list; a run that is looked at is read again, since its logs are in no event. */
export function applyCiRun(client: QueryClient, run: CiRun): void {
  for (const [key, data] of client.getQueriesData<InfiniteData<CiRunPage>>({ queryKey: ['ci-runs'] })) {
    if (!data) continue;
    const pages = placeRun(data.pages, run, key[1] ?? {});
    if (pages !== data.pages) client.setQueryData<InfiniteData<CiRunPage>>(key, { ...data, pages });
  }
  client.setQueryData<CiRunDetail>(['ci-run', run.id], (detail) => detail && { ...detail, run });
  void client.invalidateQueries({ queryKey: ['ci-run', run.id] });
}

/** Sums, patterns and the rate limit are in no event: those that are shown are read again a moment after one that changes them. */
const REREAD_MS = 1_000;
let reread: ReturnType<typeof setTimeout> | undefined;
function rereadSums(client: QueryClient): void {
  reread ??= setTimeout(() => {
    reread = undefined;
    for (const key of ['github-health', 'ci-patterns', 'ci-flaky'])
      void client.invalidateQueries({ queryKey: [key] });
  }, REREAD_MS);
}

/** What events about GitHub change in the cache. False: it is none of those. */
export function applyCi(client: QueryClient, event: VigilesEvent): boolean {
  if (
    is(event, 'ci.run_changed') ||
    is(event, 'ci.run_judged') ||
    is(event, 'ci.opinion_given') ||
    is(event, 'ci.retry_asked') ||
    is(event, 'ci.retry_outcome')
  ) {
    applyCiRun(client, event.data.run);
    rereadSums(client);
    return true;
  }
  if (is(event, 'ci.synced')) {
    void client.invalidateQueries({ queryKey: ['github-health'] });
    return true;
  }
  if (!is(event, 'ci.delivery_received')) return false;
  client.setQueryData<GithubHealth>(
    ['github-health'],
    (health) => health && { ...health, webhook: { ...health.webhook, last_received_at: event.ts } },
  );
  return true;
}
