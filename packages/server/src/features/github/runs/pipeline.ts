import type { CiAction, GithubConfig } from '@vigiles/contract';
import { createBus } from '../../../kernel/bus.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise } from '../../../kernel/fault.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import { createCiTransaction } from '../ci-transaction.ts';
import type { GithubClient, JobFacts } from '../client/github-client.ts';
import { decide, isDeployLike } from '../core/decide.ts';
import { isFailure } from '../core/delivery.ts';
import { historyOf } from '../core/history.ts';
import { restUntil } from '../core/rest-until.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { retryStore } from '../heal/retry-store.ts';
import type { JobJudge } from '../judging/job-judge.ts';
import type { GithubTables } from '../tables.ts';
import { judgeAttempt, type Judged } from './judge-attempt.ts';
import { recordRun, type Tx } from './record-run.ts';
import { runStore, toCiRun } from './run-store.ts';

export interface PipelineDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  newId: NewId;
  log: Log;
  config(): GithubConfig;
  client: GithubClient;
  judge: JobJudge;
  clean(text: string): string;
  /** A re-run or a script waits to be asked for. */
  healable(): void;
  /** A failed attempt was judged and nothing runs for it: an agent may be offered it, a model asked. */
  judged?(run: RunFacts, judged: Judged): void;
}

const minuteMs = 60_000;

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What minutes an attempt cost: jobs that were carried over from an earlier one cost nothing again. */
const minutesOf = (jobs: readonly JobFacts[], attempt: number): number =>
  Math.round(jobs.reduce((sum, job) => sum + (job.attempt === attempt ? job.minutes : 0), 0) * 100) / 100;

/** From what is heard of a run to what is done about it: recorded, judged, decided, each in one transaction with its event. */
export function createPipeline(deps: PipelineDeps) {
  const { store, events, clock, newId, log, config, client } = deps;
  const db = store.db<GithubTables>();
  const changes = createBus<string>((thrown) => log.error({ err: thrown }, 'A listener to CI runs failed'));
  /** One notice per storm, not one per run. */
  let stormToldAt = -Infinity;

  const transaction = createCiTransaction(store, events);

  /** The jobs of an attempt; null without credentials. Raises what GitHub says. */
  async function jobsOf(
    facts: RunFacts,
    signal: AbortSignal,
  ): Promise<{ jobs: JobFacts[] } | { blind: string }> {
    const found = await client.jobs(facts.repository, facts.id, facts.attempt, signal);
    if (found.ok) return { jobs: found.value };
    const { code, message } = found.fault;
    if (
      ['github_no_credentials', 'github_unauthorized', 'github_forbidden', 'github_not_found'].includes(code)
    ) {
      return { blind: message.replace(/\.$/, '') };
    }
    return raise(found.fault);
  }

  async function judge(facts: RunFacts, jobs: readonly JobFacts[], signal: AbortSignal): Promise<Judged> {
    const same = await runStore.sameCommit(db, facts);
    const past = same.filter(({ runId, attempt }) => runId !== facts.id || attempt !== facts.attempt);
    const failing = jobs
      .filter(({ conclusion }) => isFailure(conclusion))
      .map(({ name, steps }) => `${name}/${steps.find((step) => isFailure(step.conclusion))?.name ?? ''}`);
    const history = historyOf(past, failing);
    return judgeAttempt({ client, judge: deps.judge, clean: deps.clean }, facts, jobs, history, signal);
  }

  /** When a limit that failed it opens again; null: none did, or it is open by now. */
  function restOf(facts: RunFacts, judged: Judged | null, now: number): number | null {
    const limit = client.rateLimit();
    const apiResetAt = limit?.remaining === 0 && limit.resetAt > now ? limit.resetAt : null;
    const until = restUntil(judged?.jobs ?? [], Math.min(facts.updatedAt, now), apiResetAt);
    return until !== null && until > now ? until : null;
  }

  /** @returns whether this was its answer; false: it has one already, or is overtaken */
  async function answer(
    tx: Tx,
    facts: RunFacts,
    judged: Judged | null,
    blind: string | null,
    historic: boolean,
  ): Promise<boolean> {
    const now = clock.now();
    const run = await runStore.get(tx.db, facts.id);
    const kept = await runStore.attempt(tx.db, facts.id, facts.attempt);
    if (!run || !kept || kept.answer !== null || run.facts.attempt !== facts.attempt) return false;
    const { heal } = config();
    const ofRun = await retryStore.ofRun(tx.db, facts.id);
    const decision = decide({
      run: facts,
      verdict: judged?.verdict ?? null,
      superseded: await runStore.isSuperseded(tx.db, facts),
      historic,
      blind,
      used: await retryStore.used(tx.db, facts),
      recent: await retryStore.since(tx.db, now - heal.storm_window_minutes * minuteMs),
      scriptRan: ofRun.some(({ kind, attempt }) => kind === 'fix_script' && attempt === facts.attempt),
      settings: heal,
      now,
    });
    const { kind, by_rule, reason, script } = decision;
    const acts = kind === 'retry' || kind === 'fix_script';
    const rest = kind === 'retry' ? restOf(facts, judged, now) : null;
    const action: CiAction = {
      kind,
      state: acts ? 'waiting' : kind === 'notify' ? 'told' : 'decided',
      by_rule,
      reason: rest === null ? reason : `${reason} It rests until ${timeOf(rest)}, and is re-run then.`,
      at: now,
      action_id: null,
    };
    const minutes = judged ? judged.jobs.reduce((sum, job) => sum + job.minutes, 0) : 0;
    const detail = { ...kept.detail, verdict: judged?.verdict ?? null, jobs: judged?.jobs ?? [], minutes };
    await runStore.saveAttempt(tx.db, facts, {
      ...kept,
      kind: judged?.verdict.kind ?? 'unknown',
      answer: kind,
      detail,
    });
    const next = { ...run, verdict: judged?.verdict ?? null, action };
    await runStore.save(tx.db, next);
    if (acts) {
      await retryStore.add(tx.db, {
        id: newId('rty'),
        runId: facts.id,
        attempt: facts.attempt,
        kind,
        repository: facts.repository,
        workflow: facts.workflow,
        commit: facts.commit,
        by: 'ci',
        reason,
        state: 'waiting',
        asked_at: now,
        nextAt: rest ?? now,
        settled_at: null,
        minutes: 0,
        action_id: null,
        message: '',
        script: script?.script ?? null,
        thenRetry: script?.retry ?? false,
        owner: null,
      });
    }
    if (historic) return true;
    const told = toCiRun(next, await retryStore.used(tx.db, facts));
    tx.append('ci.run_judged', { actor: 'ci', subject: facts.id, data: { run: told } });
    if (kind === 'notify') notify(tx, facts, by_rule, reason, now);
    return true;
  }

  /** Tells people that they are needed, why, and where. */
  function notify(tx: Tx, facts: RunFacts, rule: string, reason: string, now: number): void {
    if (rule === 'storm_guard') {
      if (now - stormToldAt < config().heal.storm_window_minutes * minuteMs) return;
      stormToldAt = now;
    }
    const { workflow, branch, repository, url, attempt } = facts;
    const deploy = isDeployLike(facts, config().heal);
    tx.append('alert.raised', {
      actor: 'ci',
      subject: facts.id,
      data: {
        severity: deploy ? 'critical' : 'warning',
        title: `CI needs you: ${workflow} failed on ${branch}`.slice(0, 200),
        message: deps.clean(`${reason} ${repository}, attempt ${attempt}: ${url}`).slice(0, 2000),
        incident_id: null,
      },
    });
  }

  async function noteMinutes(facts: RunFacts, minutes: number): Promise<void> {
    await transaction(async (tx) => {
      const run = await runStore.get(tx.db, facts.id);
      const kept = await runStore.attempt(tx.db, facts.id, facts.attempt);
      if (!run || !kept) return;
      await runStore.saveAttempt(tx.db, facts, { ...kept, detail: { ...kept.detail, minutes } });
      const all = await runStore.attempts(tx.db, facts.id);
      const spent = all.reduce((sum, { attempt, detail }) => sum + (attempt > 1 ? detail.minutes : 0), 0);
      await runStore.save(tx.db, { ...run, minutes: spent });
      for (const retry of await retryStore.ofRun(tx.db, facts.id)) {
        if (retry.attempt === facts.attempt - 1 && retry.kind === 'retry')
          await retryStore.change(tx.db, { ...retry, minutes });
      }
    });
  }

  return {
    /** Ids of runs of which something changed, after it was written. */
    subscribe: changes.subscribe,

    /** Takes in what was heard of a run. Raises a retryable fault where GitHub must be asked and does not answer. */
    async apply(facts: RunFacts, signal: AbortSignal, historic = false): Promise<void> {
      const recorded = await transaction((tx) => recordRun(tx, facts, clock.now(), historic));
      if (recorded === 'recorded' || recorded === 'to_judge') changes.publish(facts.id);
      if (recorded === 'to_judge') {
        const found = historic ? { blind: 'it is history' } : await jobsOf(facts, signal);
        const judged = 'jobs' in found ? await judge(facts, found.jobs, signal) : null;
        const blind = 'blind' in found ? found.blind : null;
        // Cut off by the end of control, a log that was not read is no verdict: the next control judges it.
        signal.throwIfAborted();
        const answered = await transaction((tx) => answer(tx, facts, judged, blind, historic));
        if ('jobs' in found && facts.attempt > 1)
          await noteMinutes(facts, minutesOf(found.jobs, facts.attempt));
        changes.publish(facts.id);
        deps.healable();
        // Told of twice at once: an agent is offered it, and a model asked, once.
        if (judged && answered) deps.judged?.(facts, judged);
      } else if (recorded === 'recorded' && facts.attempt > 1 && facts.status === 'completed' && !historic) {
        const found = await client.jobs(facts.repository, facts.id, facts.attempt, signal);
        if (found.ok) await noteMinutes(facts, minutesOf(found.value, facts.attempt));
      }
    },

    /** Asks GitHub how a run stands, and takes that in. */
    async refresh(repository: string, runId: string, signal: AbortSignal): Promise<void> {
      const run = await client.run(repository, runId, signal);
      if (run.ok) await this.apply(run.value, signal);
      else if (run.fault.retryable) raise(run.fault);
      else if (run.fault.code !== 'github_no_credentials') {
        log.warn({ repository, run: runId, code: run.fault.code }, 'A run could not be looked at');
      }
    },

    async get(id: string) {
      const run = await runStore.get(db, id);
      if (!run) return raise(fault('not-found', 'unknown_ci_run', `No run ${id.slice(0, 40)} is known.`));
      return run;
    },
  };
}

export type Pipeline = ReturnType<typeof createPipeline>;
