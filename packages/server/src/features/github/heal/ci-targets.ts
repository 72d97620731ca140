import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CiAction, GithubConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise } from '../../../kernel/fault.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { CiTargets } from '../../actions/index.ts';
import { createCiTransaction } from '../ci-transaction.ts';
import type { GithubClient } from '../client/github-client.ts';
import { isAllowed } from '../core/delivery.ts';
import { hardLimit, isDeployLike, mostRetries } from '../core/decide.ts';
import type { RunFacts } from '../core/run-facts.ts';
import type { Pipeline } from '../runs/pipeline.ts';
import { settleRetries } from '../runs/record-run.ts';
import { runStore, toCiRun, type KeptRun } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';
import { retryStore, type KeptRetry } from './retry-store.ts';

export interface CiTargetsDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  newId: NewId;
  config(): GithubConfig;
  client: GithubClient;
  pipeline: Pipeline;
  /** Between two looks at a run that is under way still. Milliseconds. */
  lookMs?: number;
}

const minuteMs = 60_000;

/** `owner/name/123` → its parts. */
export function readName(name: string): { repository: string; id: string } | null {
  const found = /^([^/]+\/[^/]+)\/(\d{1,20})$/.exec(name);
  return found ? { repository: found[1] ?? '', id: found[2] ?? '' } : null;
}

export const targetOf = ({ repository, id }: Pick<RunFacts, 'repository' | 'id'>): string =>
  `ci:${repository}/${id}`;

/** Hands on runs of GitHub Actions, for the action runner. */
export function createCiTargets(deps: CiTargetsDeps): CiTargets {
  const { store, events, clock, newId, config, client, pipeline, lookMs = 15_000 } = deps;
  const db = store.db<GithubTables>();
  const transaction = createCiTransaction(store, events);

  async function find(name: string): Promise<KeptRun | null> {
    const parts = readName(name);
    const run = parts ? await runStore.get(db, parts.id) : null;
    return run && run.facts.repository.toLowerCase() === parts?.repository.toLowerCase() ? run : null;
  }

  /** What holds for Vigiles itself and not for people. Counts without the re-run that asks. */
  async function ownLimit({ facts }: KeptRun, attempt: number): Promise<string | null> {
    const { heal } = config();
    if (!heal.enabled) return 'healing is switched off';
    if (isDeployLike(facts, heal)) return 'it looks like a deploy, which never runs twice by itself';
    const mine = (await retryStore.ofRun(db, facts.id)).some(
      (one) => one.attempt === attempt && one.kind === 'retry' && one.state !== 'refused',
    );
    const own = mine ? 1 : 0;
    const used = (await retryStore.used(db, facts)) - own;
    const most = Math.min(heal.max_retries, mostRetries);
    if (used >= most) return `this commit was re-run ${used} of ${most} times`;
    const recent = (await retryStore.since(db, clock.now() - heal.storm_window_minutes * minuteMs)) - own;
    return recent >= heal.storm_limit
      ? `${recent} re-runs within ${heal.storm_window_minutes} minutes`
      : null;
  }

  async function refusal(name: string, attempt: number, automatic: boolean): Promise<string | null> {
    const run = await find(name);
    if (!run) return 'no such run is known';
    const { facts, state } = run;
    if (!config().enabled) return 'github.enabled is off';
    if (!isAllowed(config().repositories, facts.repository))
      return 'its repository is not one of github.repositories';
    if (facts.attempt !== attempt) return `attempt ${facts.attempt} is there already`;
    if (state === 'passed' || state === 'flaky') return 'it passed';
    const hard = hardLimit(facts, clock.now());
    if (hard) return hard.reason;
    return automatic ? ownLimit(run, attempt) : null;
  }

  /** GitHub took it, or a later attempt is there: from now on its end is waited for. */
  async function asked(
    run: KeptRun,
    attempt: number,
    by: { actor: string; reason: string; runId: string },
  ): Promise<void> {
    const now = clock.now();
    await transaction(async (tx) => {
      const { facts } = run;
      const known = (await retryStore.ofRun(tx.db, facts.id)).find(
        (one) => one.attempt === attempt && one.kind === 'retry',
      );
      const change = { state: 'asked', action_id: by.runId, message: 'GitHub took it' } as const;
      const settled = known?.state === 'recovered' || known?.state === 'failed';
      if (known) {
        const next = settled ? { ...known, action_id: by.runId } : { ...known, ...change };
        await retryStore.change(tx.db, next);
      } else {
        const retry: KeptRetry = {
          ...change,
          id: newId('rty'),
          runId: facts.id,
          attempt,
          kind: 'retry',
          repository: facts.repository,
          workflow: facts.workflow,
          commit: facts.commit,
          by: by.actor,
          reason: by.reason,
          asked_at: now,
          nextAt: now,
          settled_at: null,
          minutes: 0,
          script: null,
          thenRetry: false,
          owner: null,
        };
        await retryStore.add(tx.db, retry);
      }
      const current = (await runStore.get(tx.db, facts.id)) ?? run;
      const rule = by.actor.startsWith('device:')
        ? 'person'
        : (current.action?.by_rule ?? 'retryable_failure');
      const action: CiAction = {
        kind: 'retry',
        state: settled ? known.state : 'asked',
        by_rule: rule,
        reason: by.reason,
        at: now,
        action_id: by.runId,
      };
      const next = { ...current, action };
      const told = toCiRun(next, await retryStore.used(tx.db, facts));
      const data = { run: told, by: by.actor, reason: by.reason };
      tx.append('ci.retry_asked', { actor: by.actor, subject: facts.id, data });
      // The next attempt may have been told of, with its end, before GitHub's answer was here.
      const over = current.facts.attempt > attempt && current.finishedAt !== null;
      const outcome = over ? await settleRetries(tx, next, true, now) : null;
      await runStore.save(tx.db, outcome ? { ...next, action: { ...action, state: outcome } } : next);
    });
  }

  const ended = (run: KeptRun | null, attempt: number) => {
    if (!run || run.facts.attempt <= attempt || run.finishedAt === null) return null;
    return { passed: 'fixed', flaky: 'fixed', failed: 'not_fixed', cancelled: 'unknown', running: null }[
      run.state
    ] as 'fixed' | 'not_fixed' | 'unknown' | null;
  };

  return {
    refusal,

    async describe(name) {
      const run = await find(name);
      if (!run) return null;
      const { facts } = run;
      const kept = await runStore.attempt(db, facts.id, facts.attempt);
      const jobs = (kept?.detail.jobs ?? []).filter(({ verdict }) => verdict !== null).map((job) => job.name);
      return { url: facts.url, workflow: facts.workflow, branch: facts.branch, attempt: facts.attempt, jobs };
    },

    async rerun(name, attempt, by, { signal, note }) {
      const run = (await find(name)) ?? raise(fault('not-found', 'unknown_ci_run', 'No such run is known.'));
      const { repository, id } = run.facts;
      const wait = async (why: string, ms: number) => {
        note(why, { wait_ms: ms });
        await delay(ms, undefined, { signal });
      };
      for (;;) {
        // Looked at each time: where an answer was lost, or somebody else was quicker, the attempt has risen.
        const now = await client.run(repository, id, signal);
        if (!now.ok) {
          if (!now.fault.retryable) raise(now.fault);
          await wait(now.fault.message, now.fault.retryAfterMs ?? lookMs);
          continue;
        }
        if (now.value.attempt > attempt) {
          note(`attempt ${now.value.attempt} is there already`);
          return asked(run, attempt, by);
        }
        if (now.value.status !== 'completed') {
          await wait('the run is under way still', lookMs);
          continue;
        }
        if (now.value.conclusion === 'success')
          return raise(fault('conflict', 'ci_run_passed', 'It passed meanwhile.'));
        const hard = hardLimit(now.value, clock.now());
        if (hard) return raise(fault('conflict', `github_${hard.rule}`, hard.reason));
        const taken = await client.rerunFailed(repository, id, signal);
        if (taken.ok) return asked(run, attempt, by);
        if (!taken.fault.retryable) return raise(taken.fault);
        await wait(taken.fault.message, taken.fault.retryAfterMs ?? lookMs);
      }
    },

    async outcome(name, attempt, signal) {
      const parts = readName(name);
      if (!parts) return 'unknown';
      let woken = Promise.withResolvers<void>();
      const unsubscribe = pipeline.subscribe((id) => {
        if (id === parts.id) woken.resolve();
      });
      try {
        for (;;) {
          const seen = ended(await find(name), attempt);
          if (seen) return seen;
          const rows = await retryStore.ofRun(db, parts.id);
          // After a restart: what never reached GitHub has no end to wait for.
          if (!rows.some((one) => one.attempt === attempt && one.kind === 'retry' && one.state !== 'waiting'))
            return 'unknown';
          await Promise.race([woken.promise, delay(60_000, undefined, { signal, ref: false })]);
          woken = Promise.withResolvers<void>();
        }
      } finally {
        unsubscribe();
      }
    },

    async workplace(name) {
      const run = await find(name);
      const folder = await mkdtemp(join(tmpdir(), 'vigiles-ci-'));
      const facts = run?.facts;
      return {
        folder,
        env: {
          VIGILES_CI_REPOSITORY: facts?.repository ?? '',
          VIGILES_CI_RUN_ID: facts?.id ?? '',
          VIGILES_CI_ATTEMPT: String(facts?.attempt ?? ''),
          VIGILES_CI_WORKFLOW: facts?.workflow ?? '',
          VIGILES_CI_BRANCH: facts?.branch ?? '',
          VIGILES_CI_COMMIT: facts?.commit ?? '',
          VIGILES_CI_KIND: run?.verdict?.kind ?? '',
        },
        dispose: () => rm(folder, { recursive: true, force: true }),
      };
    },
  };
}
