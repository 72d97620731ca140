import type {
  ActionRun,
  CiPattern,
  CiRun,
  CiRunDetail,
  CiRunState,
  FlakyTest,
  GithubConfig,
  GithubHealth,
  GithubSync,
} from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, raise, type Result } from '../../kernel/fault.ts';
import type { Store } from '../../platform/store/index.ts';
import type { ActionRequest, CiTargets, Requested } from '../actions/index.ts';
import type { GithubClient } from './client/github-client.ts';
import type { GhLogin } from './client/gh-login.ts';
import { targetOf } from './heal/ci-targets.ts';
import { retryStore, toCiRetry } from './heal/retry-store.ts';
import { countHealed, listPatterns } from './patterns/pattern-store.ts';
import type { Pipeline } from './runs/pipeline.ts';
import { flakyStore } from './runs/flaky-store.ts';
import { runStore, toCiRun } from './runs/run-store.ts';
import type { Sync } from './sync/sync.ts';
import type { GithubTables } from './tables.ts';
import type { InboxStore } from './webhook/inbox-store.ts';

export interface ServiceDeps {
  store: Store;
  clock: Clock;
  config(): GithubConfig;
  client: GithubClient;
  ghLogin(host: string): Promise<GhLogin>;
  secrets(): string[];
  inbox: InboxStore;
  pipeline: Pipeline;
  targets: CiTargets;
  polling(): GithubHealth['polling'];
  sync: Sync;
  request(request: ActionRequest): Promise<Result<Requested>>;
}

interface RunsQuery {
  repository?: string | undefined;
  workflow?: string | undefined;
  branch?: string | undefined;
  state?: CiRunState | undefined;
  limit: number;
  cursor?: string | undefined;
}

const monthMs = 30 * 86_400_000;

function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const found = /^(\d{1,16})-(\d{1,20})$/.exec(cursor);
  if (!found) return raise(fault('invalid', 'invalid_cursor', 'That is no cursor of this list.'));
  return { startedAt: Number(found[1]), id: found[2] ?? '' };
}

/** What people ask about CI. */
export function createGithubService(deps: ServiceDeps) {
  const { store, clock, config, client, pipeline, targets } = deps;
  const db = store.db<GithubTables>();

  async function problems(kind: string, message: string): Promise<string[]> {
    const { repositories } = config();
    const { failed } = await deps.inbox.health();
    const { error } = deps.polling();
    return [
      ...(repositories.length === 0 ? ['github.repositories is empty: no repository counts'] : []),
      ...(kind === 'none' ? [message] : []),
      ...(failed > 0 ? [`${failed} deliveries could not be handled; redeliver them at GitHub`] : []),
      ...(error ? [error] : []),
    ];
  }

  return {
    async runs(query: RunsQuery): Promise<{ runs: CiRun[]; next: string | null }> {
      const before = readCursor(query.cursor);
      const found = await runStore.list(db, { ...query, before, limit: query.limit + 1 });
      const shown = found.slice(0, query.limit);
      const used = await retryStore.usedOf(
        db,
        shown.map(({ facts }) => facts),
      );
      const last = shown.at(-1)?.facts;
      return {
        runs: shown.map((run) => toCiRun(run, used(run.facts))),
        next: found.length > query.limit && last ? `${last.startedAt}-${last.id}` : null,
      };
    },

    async run(id: string): Promise<CiRunDetail> {
      const run = await pipeline.get(id);
      const attempts = await runStore.attempts(db, id);
      const retries = await retryStore.ofRun(db, id);
      const { repository, attempt } = run.facts;
      const failed = run.state === 'failed' || run.state === 'cancelled';
      return {
        run: toCiRun(run, await retryStore.used(db, run.facts)),
        attempts: attempts.map(({ detail }) => detail),
        retries: retries.map(toCiRetry),
        retry_refusal: failed
          ? await targets.refusal(`${repository}/${id}`, attempt, false)
          : `it is ${run.state}`,
      };
    },

    async retry(id: string, reason: string, actor: string): Promise<{ run: CiRun; action: ActionRun }> {
      const run = await pipeline.get(id);
      const asked = await deps.request({
        action: 'rerun_failed_jobs',
        target: targetOf(run.facts),
        params: { attempt: run.facts.attempt },
        actor,
        reason,
      });
      if (!asked.ok) return raise(asked.fault);
      return { run: toCiRun(run, await retryStore.used(db, run.facts)), action: asked.value.run };
    },

    async patterns(query: {
      repository?: string | undefined;
      days: number;
      limit: number;
    }): Promise<{ patterns: CiPattern[] }> {
      return { patterns: await listPatterns(db, config().heal, { ...query, now: clock.now() }) };
    },

    async flaky(query: { repository?: string | undefined; limit: number }): Promise<{ tests: FlakyTest[] }> {
      return { tests: await flakyStore.list(db, query) };
    },

    sync: (action: 'pull' | 'push', actor: string, dryRun: boolean): Promise<GithubSync> =>
      deps.sync.sync(action, actor, dryRun),

    async health(): Promise<GithubHealth> {
      const { enabled, repositories, sync, use_gh, web_url, webhook } = config();
      const { kind, message } = await client.auth();
      const login = use_gh
        ? await deps.ghLogin(new URL(web_url).host)
        : { available: false, error: 'github.use_gh is off' };
      const inbox = await deps.inbox.health();
      const since = clock.now() - monthMs;
      const healed = await countHealed(db, since);
      const retries = await retryStore.totals(db, since);
      const settled = healed.autoFixed + healed.manual;
      const limit = client.rateLimit();
      const wrong = enabled ? await problems(kind, message) : [];
      const observing = kind === 'none' && wrong.length === 1;
      return {
        status: !enabled ? 'off' : wrong.length === 0 ? 'ok' : observing ? 'observing' : 'degraded',
        problems: wrong,
        cli: { available: login.available, error: login.error },
        webhook: {
          secret_configured: deps.secrets().length > 0,
          rotating: webhook.old_secret !== undefined,
          last_received_at: inbox.lastAt,
          waiting: inbox.waiting,
          failed: inbox.failed,
        },
        repo: {
          allowed: repositories,
          default_branch: sync.ref.slice('refs/heads/'.length),
          push_enabled: sync.push_enabled,
        },
        auth: { kind, ok: kind === 'none' ? false : limit === null ? null : true, message },
        rate_limit: limit && { limit: limit.limit, remaining: limit.remaining, reset_at: limit.resetAt },
        polling: deps.polling(),
        totals: {
          failed: healed.failed,
          auto_fixed: healed.autoFixed,
          manual: healed.manual,
          ratio: settled === 0 ? null : Math.round((healed.autoFixed / settled) * 1000) / 1000,
          retries: retries.retries,
          retry_minutes: retries.minutes,
        },
      };
    },
  };
}

export type GithubService = ReturnType<typeof createGithubService>;
