import type { GithubConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Fault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { GithubClient } from '../client/github-client.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { retryStore } from '../heal/retry-store.ts';
import type { Pipeline } from '../runs/pipeline.ts';
import { runStore } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';

export interface PollerDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config(): GithubConfig;
  client: GithubClient;
  pipeline: Pipeline;
  /** Between two looks, whatever the configuration says. Milliseconds. */
  pollMs?: number;
}

/** A repository whose webhook told something within this time needs no polling. */
const heardMs = 1_800_000;
/** Runs that failed shortly before a repository is seen for the first time are still news. */
const newsMs = 600_000;
/** A run that is not heard of for so long is asked after. */
const quietMs = 600_000;

/** Looks at GitHub where no webhook tells, and after runs whose end is waited for. */
export function createPoller({ store, clock, log, config, client, pipeline, pollMs }: PollerDeps) {
  const db = store.db<GithubTables>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  let last: { at: number | null; error: string | null } = { at: null, error: null };
  const lookedAt = new Map<string, number>();

  /** What was decided about an earlier attempt is no answer to this one. */
  const isAnswered = async ({ id, attempt }: RunFacts): Promise<boolean> =>
    typeof (await runStore.attempt(db, id, attempt))?.answer === 'string';

  /** @returns why not */
  async function look(repository: string): Promise<Fault | null> {
    const now = clock.now();
    const known = await db
      .selectFrom('github_repository')
      .selectAll()
      .where('repository', '=', repository)
      .executeTakeFirst();
    if (known?.last_delivery_at && now - known.last_delivery_at < heardMs) return null;
    const found = await client.recentRuns(repository, known?.etag ?? null, stopping.signal);
    if (!found.ok) return found.fault;
    const firstSeen = known?.first_seen_at ?? now;
    // Oldest first, so that what follows from an earlier run is known when a later one is judged.
    const runs = (found.value.runs ?? []).toSorted((a, b) => a.startedAt - b.startedAt);
    for (const run of runs) {
      if (stopping.signal.aborted) return null;
      const kept = await runStore.get(db, run.id);
      const same = kept?.facts.attempt === run.attempt && kept.facts.status === run.status;
      if (
        same &&
        kept.facts.updatedAt === run.updatedAt &&
        (kept.state !== 'failed' || (await isAnswered(run)))
      )
        continue;
      await pipeline.apply(run, stopping.signal, run.updatedAt < firstSeen - newsMs);
    }
    const row = { polled_at: now, etag: found.value.etag };
    await db
      .insertInto('github_repository')
      .values({ repository, first_seen_at: now, last_delivery_at: null, ...row })
      .onConflict((conflict) => conflict.column('repository').doUpdateSet(row))
      .execute();
    return null;
  }

  /** Runs whose end is waited for, and those that have gone quiet. */
  async function follow(): Promise<void> {
    const now = clock.now();
    const ids = new Map<string, string>();
    for (const retry of await retryStore.open(db, 50)) {
      if (retry.state === 'asked') ids.set(retry.runId, retry.repository);
    }
    for (const { facts } of await runStore.running(db, 50)) {
      if (now - facts.updatedAt > quietMs) ids.set(facts.id, facts.repository);
    }
    for (const [id, repository] of ids) {
      if (stopping.signal.aborted) return;
      if (now - (lookedAt.get(id) ?? 0) < Math.min(quietMs, pollMs ?? config().poll_s * 1000)) continue;
      lookedAt.set(id, now);
      await pipeline.refresh(repository, id, stopping.signal);
    }
    for (const [id, at] of lookedAt) if (now - at > 10 * quietMs) lookedAt.delete(id);
  }

  async function poll(): Promise<void> {
    const { enabled, repositories, poll_s } = config();
    if (!enabled || poll_s === 0 || repositories.length === 0) return;
    const { kind } = await client.auth();
    if (kind === 'none') return;
    let error: string | null = null;
    for (const repository of repositories) {
      if (stopping.signal.aborted) return;
      try {
        const refused = await look(repository);
        if (refused) error = `${repository}: ${refused.message}`;
        // Asking on would only make it last longer.
        if (refused?.code === 'github_rate_limited') break;
      } catch (thrown) {
        error = `${repository}: it could not be looked at`;
        log.warn({ err: thrown, repository }, 'A repository could not be polled');
      }
    }
    await follow().catch((thrown: unknown) => log.warn({ err: thrown }, 'Runs could not be followed'));
    last = { at: clock.now(), error };
  }

  function next(): void {
    if (stopping.signal.aborted) return;
    const { poll_s } = config();
    timer = setTimeout(
      () => {
        round = poll()
          .catch((thrown: unknown) => log.warn({ err: thrown }, 'GitHub could not be polled; later again'))
          .finally(next);
      },
      pollMs ?? (poll_s === 0 ? 60 : poll_s) * 1000,
    ).unref();
  }

  return {
    poll,
    state: () => ({ every_s: config().poll_s, last_at: last.at, error: last.error }),
    start: next,
    async stop(): Promise<void> {
      stopping.abort();
      if (timer) clearTimeout(timer);
      await round;
    },
  };
}
