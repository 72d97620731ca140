import type { ActionRun } from '@vigiles/contract';
import { createBus } from '../../kernel/bus.ts';
import type { Clock } from '../../kernel/clock.ts';
import { fault, failed, ok, toFault, type Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import { createWriteBehind } from '../../platform/store/index.ts';
import { redactData, redactText } from './core/redact.ts';
import type { ActionContext, ActionDefinition } from './define-action.ts';
import type { GuardBook } from './guard-book.ts';
import { newLiveRun, type Ending, type LiveRun } from './live-run.ts';
import { performRun, verifyRun } from './perform.ts';
import type { ActionStore, RunChange, StoredRun } from './store.ts';
import type { ServiceTargets } from './targets.ts';

export interface RunnerDeps {
  clock: Clock;
  newId: NewId;
  log: Log;
  store: ActionStore;
  events: EventLog;
  guards: GuardBook;
  definitions: ReadonlyMap<string, ActionDefinition>;
  services: () => ServiceTargets;
  vetoMs: () => number;
}

/** The states in which a run has not begun to change anything. */
const waiting = new Set<ActionRun['state']>(['vetoing', 'awaiting_approval']);

/** Carries runs from their journal entry to their outcome. */
export function createRunner(deps: RunnerDeps) {
  const { clock, log, store, guards } = deps;
  const live = new Map<string, LiveRun>();
  const locks = new Map<string, string>();
  const changes = createBus<ActionRun>((thrown) => log.error({ err: thrown }, 'A run listener failed'));

  const contextOf = (run: LiveRun): ActionContext<never> => ({
    target: run.run.target,
    params: run.run.params as never,
    services: deps.services(),
    reason: run.run.reason,
    incidentId: run.run.incident_id,
    signal: run.abort.signal,
    memory: run.memory,
    note: (text, data = {}) => note(run, text, data),
    alert: (alert) => run.alerts.push(alert),
  });

  function note(run: LiveRun, text: string, data: Record<string, unknown>): void {
    if (run.run.evidence.length >= 100) return;
    const entry = { ts: clock.now(), text: redactText(text), data: redactData(data) };
    run.run = { ...run.run, evidence: [...run.run.evidence, entry] };
  }

  const behind = createWriteBehind({ log });

  /** False: not on disk, because the store is away (it follows when it is back, in order) or refuses it. */
  async function journal(id: string, change: RunChange): Promise<boolean> {
    if (behind.waiting() === 0) {
      try {
        await store.commit(change);
        return true;
      } catch (thrown) {
        log.error({ err: thrown, run: id }, 'A run could not be journaled');
        if (!toFault(thrown).retryable) return false;
      }
    }
    behind.push(id, () => store.commit(change));
    return false;
  }

  /** Journals a step. A store that fails must not stop healing: the work goes on. */
  async function step(
    run: LiveRun,
    change: Partial<ActionRun>,
    event: 'action.requested' | 'action.started' | 'action.finished' | null,
    verb: string | null,
    moved?: RunChange['guards'],
  ): Promise<boolean> {
    run.run = { ...run.run, ...change };
    const { action, target, outcome, reason, incident_id, actor, id } = run.run;
    const audit = verb && { actor, verb, target, data: { run: id, action, reason, incident_id, outcome } };
    const stored: StoredRun = { run: run.run, key: run.key, fault: run.fault };
    try {
      return await journal(id, {
        stored,
        event,
        audit: audit || null,
        ...(moved ? { guards: moved } : {}),
      });
    } finally {
      changes.publish(run.run);
    }
  }

  async function end(run: LiveRun, ending: Ending): Promise<void> {
    const finished = { state: 'finished', finished_at: clock.now(), veto_until: null } as const;
    const moved = ending.outcome === 'fixed' ? guards.fixed(run.run.target) : undefined;
    const change = { ...finished, outcome: ending.outcome, message: redactText(ending.message) };
    live.delete(run.run.id);
    if (run.stuck) void run.working.catch(() => undefined).finally(() => releaseLock(run));
    else releaseLock(run);
    await step(run, change, 'action.finished', `action.${ending.outcome}`, moved);
    for (const alert of run.alerts) {
      const data = { ...redactData(alert), incident_id: run.run.incident_id };
      await deps.events
        .append('alert.raised', { actor: run.run.actor, subject: run.run.target, data })
        .catch((thrown: unknown) => log.error({ err: thrown }, 'An alert could not be recorded'));
    }
    run.finish(run.run);
  }

  function releaseLock(run: LiveRun): void {
    const name = run.definition.lock(run.run.target);
    if (locks.get(name) === run.run.id) locks.delete(name);
  }

  async function drive(run: LiveRun): Promise<void> {
    if (waiting.has(run.run.state)) {
      const veto = run.run.veto_until;
      const timer =
        veto === null ? null : setTimeout(() => run.release('go'), Math.max(0, veto - run.run.created_at));
      const how = await run.released;
      if (timer) clearTimeout(timer);
      if (how === 'cancel') {
        return end(run, { outcome: 'cancelled', message: `cancelled by ${run.cancelledBy} before it began` });
      }
    }
    const refusal = run.definition.precheck(contextOf(run));
    if (refusal !== null) {
      return end(run, { outcome: 'cancelled', message: `not begun: ${refusal}` });
    }
    // Journaled before anything is done: a crash from here on is resumed as "unknown, verify".
    const started = { state: 'running', started_at: clock.now(), veto_until: null } as const;
    const journaled = await step(run, started, 'action.started', 'action.started');
    if (!journaled && run.run.risk !== 'reversible' && run.run.risk !== 'observe') {
      return end(run, { outcome: 'cancelled', message: 'not begun: it could not be journaled' });
    }
    const timer = setTimeout(() => run.abort.abort(), run.definition.timeoutMs);
    try {
      const verifying = async () => void (await step(run, { state: 'verifying' }, null, null));
      await end(run, await performRun(run, contextOf(run), verifying));
    } finally {
      clearTimeout(timer);
    }
  }

  function launch(run: LiveRun, work: () => Promise<void>): void {
    live.set(run.run.id, run);
    work().catch((thrown: unknown) => {
      log.error({ err: thrown, run: run.run.id }, 'A run broke');
      void end(run, {
        outcome: 'unknown',
        message: 'an error inside Vigiles ended it; the log has the cause',
      });
    });
  }

  return {
    live: (id: string) => live.get(id) ?? null,
    liveRuns: () => [...live.values()],
    lockHolder: (definition: ActionDefinition, target: string) => locks.get(definition.lock(target)) ?? null,
    subscribe: changes.subscribe,
    /** Writes what waits; what cannot be written then is given up. */
    stop: () => behind.close(),

    /** Journals a new run and sets it off. The lock is taken at once: two asks never both get it. */
    async begin(
      stored: StoredRun,
      definition: ActionDefinition,
      moved: RunChange['guards'],
    ): Promise<Result<LiveRun>> {
      const lock = definition.lock(stored.run.target);
      const holder = locks.get(lock);
      if (holder !== undefined) {
        return failed(fault('conflict', 'action_busy', `Another action is under way (${holder}).`));
      }
      locks.set(lock, stored.run.id);
      const run = newLiveRun(stored, definition);
      live.set(stored.run.id, run);
      await step(run, {}, 'action.requested', 'action.requested', moved);
      launch(run, () => drive(run));
      return ok(run);
    },

    /** Takes up what an earlier process left: what had begun is verified, never repeated. */
    async resume(stored: StoredRun, definition: ActionDefinition): Promise<void> {
      const run = newLiveRun(stored, definition);
      live.set(run.run.id, run);
      if (run.run.state === 'vetoing') {
        await end(run, { outcome: 'cancelled', message: 'not begun: Vigiles was restarted' });
        return;
      }
      locks.set(definition.lock(run.run.target), run.run.id);
      if (run.run.state === 'awaiting_approval') return launch(run, () => drive(run));
      note(run, 'Vigiles was restarted while this ran: it is verified, not repeated', {});
      launch(run, async () => {
        await step(run, { state: 'verifying' }, null, 'action.resumed');
        const timer = setTimeout(() => run.abort.abort(), definition.timeoutMs);
        const seen = await verifyRun(run, contextOf(run)).finally(() => clearTimeout(timer));
        await end(run, seen);
      });
    },

    /** Stops a run: at once while it waits, within the grace while it works. Resolves with how it ended. */
    async cancel(run: LiveRun, actor: string): Promise<ActionRun> {
      run.cancelledBy ??= actor;
      if (waiting.has(run.run.state)) run.release('cancel');
      else run.abort.abort();
      return run.done;
    },
  };
}

export type Runner = ReturnType<typeof createRunner>;
