import type { ActionRun, CiAction } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Result } from '../../../kernel/fault.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Presence } from '../../../platform/presence/index.ts';
import { createWriteBehind, type Store } from '../../../platform/store/index.ts';
import type { ActionRequest, Requested } from '../../actions/index.ts';
import { createCiTransaction } from '../ci-transaction.ts';
import { runStore, toCiRun } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';
import { targetOf } from './ci-targets.ts';
import { retryStore, type KeptRetry } from './retry-store.ts';

export interface HealerDeps {
  store: Store;
  events: EventLog;
  presence: Presence;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** The one action runner. */
  request(request: ActionRequest): Promise<Result<Requested>>;
  clean(text: string): string;
}

const laterMs = 30_000;
/** Timers are no longer than this: the wall clock, by which is waited, may be set. */
const longestNapMs = 60_000;
const shortestNapMs = 250;
/** While a run of the action is under way nobody asks again; once the control that asked is gone, another one does. */
const underWayMs = 26 * 3_600_000;

/** Asks the action runner for what was decided, and writes down what came of it. What waits outlives a restart. */
export function createHealer(deps: HealerDeps) {
  const { store, events, presence, clock, newId, log } = deps;
  const db = store.db<GithubTables>();
  const transaction = createCiTransaction(store, events);
  const ends = createWriteBehind({ log });
  /** What the store did not take yet of what was to be noted of one that waits. */
  const unwritten = new Map<string, KeptRetry>();
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let busy: Promise<void> = Promise.resolve();

  /** It will not be done: written down, and told to people with the reason and the address. */
  async function give(id: string, message: string): Promise<void> {
    await transaction(async (tx) => {
      const retry = await retryStore.get(tx.db, id);
      if (!retry || retry.state !== 'waiting') return;
      const now = clock.now();
      await retryStore.change(tx.db, {
        ...retry,
        state: 'refused',
        settled_at: now,
        message: deps.clean(message),
      });
      const run = await runStore.get(tx.db, retry.runId);
      if (!run) return;
      if (run.action) run.action = { ...run.action, state: 'refused', reason: deps.clean(message) };
      await runStore.save(tx.db, run);
      const told = toCiRun(run, await retryStore.used(tx.db, run.facts));
      const about = { actor: 'ci', subject: retry.runId };
      tx.append('ci.retry_outcome', {
        ...about,
        data: { run: told, outcome: 'refused', message: deps.clean(message) },
      });
      tx.append('alert.raised', {
        ...about,
        data: {
          severity: 'warning',
          title: `CI needs you: ${run.facts.workflow} failed on ${run.facts.branch}`.slice(0, 200),
          message: deps
            .clean(
              `It could not be ${retry.kind === 'retry' ? 're-run' : 'fixed by its script'}: ${message} ${run.facts.url}`,
            )
            .slice(0, 2000),
          incident_id: null,
        },
      });
    });
  }

  /** While it rested, a newer run of the branch came. */
  async function isOvertaken({ by, kind, runId }: KeptRetry): Promise<boolean> {
    if (by !== 'ci' || kind !== 'retry') return false;
    const run = await runStore.get(db, runId);
    return run !== null && (await runStore.isSuperseded(db, run.facts));
  }

  /** Nobody needs it any more: written down, and nobody is called. */
  async function drop({ id }: KeptRetry): Promise<void> {
    await transaction(async (tx) => {
      const retry = await retryStore.get(tx.db, id);
      if (retry?.state !== 'waiting') return;
      const message = 'A newer run of this branch is there.';
      const now = clock.now();
      await retryStore.change(tx.db, { ...retry, state: 'refused', settled_at: now, message });
      const run = await runStore.get(tx.db, retry.runId);
      if (!run) return;
      const action: CiAction = {
        kind: 'none',
        state: 'decided',
        by_rule: 'superseded',
        reason: message,
        at: now,
        action_id: null,
      };
      const next = { ...run, action };
      await runStore.save(tx.db, next);
      const told = toCiRun(next, await retryStore.used(tx.db, run.facts));
      const data = { run: told, outcome: 'refused', message } as const;
      tx.append('ci.retry_outcome', { actor: 'ci', subject: retry.runId, data });
    });
  }

  async function scriptEnded(retry: KeptRetry, run: ActionRun): Promise<void> {
    const well = run.outcome === 'unknown' || run.outcome === 'fixed';
    if (!well) return give(retry.id, run.message);
    await transaction(async (tx) => {
      const waits = await retryStore.get(tx.db, retry.id);
      if (waits?.state !== 'waiting') return;
      await retryStore.change(tx.db, {
        ...waits,
        state: 'asked',
        action_id: run.id,
        message: 'the script ended well',
      });
      const kept = await runStore.get(tx.db, retry.runId);
      if (kept?.action)
        await runStore.save(tx.db, {
          ...kept,
          action: { ...kept.action, state: 'asked', action_id: run.id },
        });
      if (!retry.thenRetry) return;
      const now = clock.now();
      const next = {
        ...retry,
        id: newId('rty'),
        kind: 'retry',
        asked_at: now,
        nextAt: now,
        owner: null,
        script: null,
        thenRetry: false,
      } as const;
      await retryStore.add(tx.db, { ...next, reason: `after ${retry.script ?? 'the script'}` });
    });
    void wake();
  }

  async function ended(retry: KeptRetry, run: ActionRun): Promise<void> {
    // The shutdown of Vigiles ends runs too: what was not asked yet waits on.
    if (stopped) return;
    if (retry.kind === 'fix_script') return scriptEnded(retry, run);
    const now = await retryStore.get(db, retry.id);
    if (now?.state === 'waiting') await give(retry.id, run.message);
  }

  async function rest(retry: KeptRetry): Promise<void> {
    unwritten.set(retry.id, retry);
    await retryStore.rest(db, retry);
    unwritten.delete(retry.id);
  }

  async function ask(retry: KeptRetry): Promise<void> {
    const target = targetOf({ repository: retry.repository, id: retry.runId });
    const common = { target, actor: retry.by, reason: retry.reason, fault: 'ci' };
    const asked = await deps.request(
      retry.kind === 'retry'
        ? { ...common, action: 'rerun_failed_jobs', params: { attempt: retry.attempt } }
        : { ...common, action: 'run_script', params: { name: retry.script ?? '' } },
    );
    if (asked.ok) {
      const { run, done } = asked.value;
      done
        .then((end) => ends.push('the end of a re-run', () => ended(retry, end)))
        .catch((thrown: unknown) => log.error({ err: thrown }, 'The end of a re-run was not told'));
      await rest({ ...retry, action_id: run.id, nextAt: clock.now() + underWayMs });
      return;
    }
    const { code, details, message } = asked.fault;
    const guard = details?.['guard'];
    if (
      code === 'action_busy' ||
      (code === 'action_refused' && guard !== 'precheck' && guard !== 'hands_off')
    ) {
      const after = Number(details?.['retryInMs']);
      await rest({
        ...retry,
        owner: null,
        nextAt: clock.now() + (Number.isFinite(after) && after > 0 ? after : laterMs),
      });
      return;
    }
    await give(retry.id, message);
  }

  async function look(): Promise<void> {
    for (const retry of unwritten.values()) await rest(retry);
    for (const due of await retryStore.due(db, clock.now(), 20)) {
      if (stopped) return;
      const retry = await retryStore.claim(db, due, clock.now() + underWayMs, presence.id);
      if (!retry) continue;
      try {
        if (await isOvertaken(retry)) await drop(retry);
        else await ask(retry);
      } catch (thrown) {
        if (!unwritten.has(retry.id)) await rest({ ...retry, owner: null, nextAt: clock.now() + laterMs });
        throw thrown;
      }
    }
    const nextAt = await retryStore.nextAt(db);
    if (nextAt !== null) schedule(Math.max(shortestNapMs, Math.min(nextAt - clock.now(), longestNapMs)));
  }

  function schedule(ms: number): void {
    if (stopped) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void wake(), ms).unref();
  }

  /** Looks for what is to be asked; resolves when it has looked. */
  function wake(): Promise<void> {
    if (stopped) return busy;
    busy = busy.then(look).catch((thrown: unknown) => {
      log.warn({ err: thrown }, 'Re-runs could not be looked at; later again');
      schedule(laterMs);
    });
    return busy;
  }

  return {
    wake,
    async start(): Promise<void> {
      await retryStore.free(db, clock.now(), await presence.gone());
      void wake();
    },
    /** Other controls come and go: what the dead had asked for is asked for by who is left. */
    async takeUp(): Promise<void> {
      if (!stopped && (await retryStore.free(db, clock.now(), await presence.gone()))) void wake();
    },
    async stop(): Promise<void> {
      stopped = true;
      if (timer) clearTimeout(timer);
      await busy;
      await ends.close();
    },
  };
}
