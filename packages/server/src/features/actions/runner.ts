import type { ActionRun } from '@vigiles/contract';
import { createBus } from '../../kernel/bus.ts';
import type { Clock } from '../../kernel/clock.ts';
import { fault, failed, ok, toFault, type Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import { createWriteBehind } from '../../platform/store/index.ts';
import { lacksSecrets, redactData, redactText } from './core/redact.ts';
import { createContext, isPerson } from './context.ts';
import type { ActionContext, ActionDefinition } from './define-action.ts';
import type { ActionFaces } from './faces.ts';
import type { GuardBook } from './guard-book.ts';
import { newLiveRun, type Ending, type LiveRun } from './live-run.ts';
import { performRun, rollBack, verifyRun, type Stages } from './perform.ts';
import type { ActionStore, RunChange, StoredRun } from './store.ts';

export interface RunnerDeps {
  clock: Clock;
  newId: NewId;
  log: Log;
  store: ActionStore;
  events: EventLog;
  guards: GuardBook;
  definitions: ReadonlyMap<string, ActionDefinition>;
  faces: () => ActionFaces;
}

/** The states in which a run has not begun to change anything. */
const waiting = new Set<ActionRun['state']>(['vetoing', 'awaiting_approval']);

/** What only tells people takes no longer. */
const brieflyMs = 5000;

/** What is done has the parameters as they were asked, what is journaled has none of their secrets. */
const hasSecrets = ({ params, run }: LiveRun): boolean =>
  JSON.stringify(params) !== JSON.stringify(run.params);

/** Carries runs from their journal entry to their outcome. */
export function createRunner(deps: RunnerDeps) {
  const { clock, log, store, guards } = deps;
  const live = new Map<string, LiveRun>();
  const locks = new Map<string, string>();
  const changes = createBus<ActionRun>((thrown) => log.error({ err: thrown }, 'A run listener failed'));

  const contextOf = (run: LiveRun): ActionContext<never> =>
    createContext(
      deps.faces(),
      clock.now,
      {
        ...run.run,
        params: run.params,
        incidentId: run.run.incident_id,
        runId: run.run.id,
        approvedBy: run.run.approved_by,
      },
      {
        signal: run.abort.signal,
        memory: run.memory,
        note: (text, data = {}) => note(run, text, data),
        alert: (alert) => run.alerts.push(alert),
      },
    );

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
    event: RunChange['event'],
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
    const { outcome } = ending;
    const finished = { state: 'finished', finished_at: clock.now(), veto_until: null } as const;
    const { stored, closed } =
      outcome === 'fixed'
        ? guards.fixed(run.run.target, isPerson(run.run.actor))
        : { stored: undefined, closed: [] };
    const change = {
      ...finished,
      approval_until: null,
      stable_until: null,
      cancelled_by: outcome === 'cancelled' ? run.cancelledBy : null,
      outcome,
      message: redactText(ending.message),
      undoable: run.run.undoable && (outcome === 'fixed' || outcome === 'unknown'),
    };
    live.delete(run.run.id);
    if (run.stuck) void run.working.catch(() => undefined).finally(() => releaseLock(run));
    else releaseLock(run);
    await step(run, change, 'action.finished', `action.${outcome}`, stored);
    for (const target of closed) {
      await tell(deps.events.append('guard.closed', about(run, target, { guard: guards.state(target) })));
    }
    for (const alert of run.alerts) {
      const data = { ...redactData(alert), incident_id: run.run.incident_id };
      await tell(deps.events.append('alert.raised', about(run, run.run.target, data)));
    }
    run.finish(run.run);
  }

  const about = <T>(run: LiveRun, subject: string, data: T) => ({ actor: run.run.actor, subject, data });

  const tell = (news: Promise<unknown>): Promise<unknown> =>
    news.catch((thrown: unknown) => log.error({ err: thrown }, 'News of a run could not be recorded'));

  function releaseLock(run: LiveRun): void {
    const name = run.definition.lock(run.run.target);
    if (locks.get(name) === run.run.id) locks.delete(name);
  }

  /** How long a run may still wait; null: until somebody says. Never longer than it was meant to, whatever the wall clock says. */
  function waitMs({ veto_until, approval_until, created_at }: ActionRun): number | null {
    if (veto_until !== null) return Math.max(0, veto_until - created_at);
    if (approval_until === null) return null;
    return Math.max(0, Math.min(approval_until - clock.now(), approval_until - created_at));
  }

  /** Waits for the end of the veto or for an approval. @returns whether it begins, and if it is over, why */
  async function awaitRelease(run: LiveRun): Promise<'go' | 'left' | { why: string }> {
    const forApproval = run.run.state === 'awaiting_approval';
    const ms = waitMs(run.run);
    const timer =
      ms === null
        ? null
        : setTimeout(() => run.release(forApproval ? 'expired' : 'go'), Math.min(ms, 2 ** 31 - 1));
    const how = await run.released;
    if (timer) clearTimeout(timer);
    if (how === 'go' || how === 'left') return how;
    if (how === 'expired') return { why: 'not begun: nobody approved it in time' };
    return {
      why: forApproval
        ? `not approved: denied by ${run.cancelledBy}`
        : `cancelled by ${run.cancelledBy} before it began`,
    };
  }

  /** It worked: others may act on the same target while it is watched. */
  async function settling(run: LiveRun, forMs: number): Promise<void> {
    releaseLock(run);
    await step(run, { stable_until: clock.now() + forMs }, 'action.verifying', null);
  }

  async function drive(run: LiveRun): Promise<void> {
    if (waiting.has(run.run.state)) {
      const how = await awaitRelease(run);
      if (how === 'left') return;
      if (how !== 'go') return end(run, { outcome: 'cancelled', message: how.why });
    }
    const context = contextOf(run);
    const refusal = await run.definition.precheck(context);
    if (refusal !== null) {
      return end(run, { outcome: 'cancelled', message: `not begun: ${refusal}` });
    }
    if (run.cancelledBy !== null) {
      return end(run, { outcome: 'cancelled', message: `cancelled by ${run.cancelledBy} before it began` });
    }
    // Journaled before anything is done: a crash from here on is resumed as "unknown, verify".
    const started = {
      state: 'running',
      started_at: clock.now(),
      veto_until: null,
      approval_until: null,
    } as const;
    const journaled = await step(run, started, 'action.started', 'action.started');
    if (!journaled && run.run.risk !== 'reversible' && run.run.risk !== 'observe') {
      return end(run, { outcome: 'cancelled', message: 'not begun: it could not be journaled' });
    }
    const limitMs = (await run.definition.waitsMs?.(context)) ?? run.definition.timeoutMs;
    const timer = setTimeout(() => run.abort.abort(), limitMs);
    const config = deps.faces().settings();
    const stages: Stages = {
      limitMs,
      stableMs: run.run.actor === 'config' ? 0 : config.stable_s * 1000,
      verifying: async () => void (await step(run, { state: 'verifying' }, 'action.verifying', null)),
      async settling(forMs) {
        clearTimeout(timer);
        await settling(run, forMs);
      },
      async keep(snapshot) {
        await store.saveSnapshot(run.run.id, snapshot, clock.now());
        run.run = { ...run.run, undoable: run.definition.rollback !== undefined };
      },
    };
    try {
      await end(run, await performRun(run, context, stages));
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
      params: unknown,
    ): Promise<Result<LiveRun>> {
      const lock = definition.lock(stored.run.target);
      const holder = locks.get(lock);
      if (holder !== undefined) {
        return failed(fault('conflict', 'action_busy', `Another action is under way (${holder}).`));
      }
      locks.set(lock, stored.run.id);
      for (const other of live.values()) {
        if (other.definition.lock(other.run.target) === lock && other.run.stable_until !== null)
          other.overtaken = true;
      }
      const run = newLiveRun(stored, definition, params);
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
      if (run.run.state === 'awaiting_approval' && lacksSecrets(run.run.params)) {
        const message = 'not begun: Vigiles was restarted, and secrets among its parameters are not kept';
        await end(run, { outcome: 'cancelled', message });
        return;
      }
      locks.set(definition.lock(run.run.target), run.run.id);
      if (run.run.state === 'awaiting_approval') return launch(run, () => drive(run));
      note(run, 'Vigiles was restarted while this ran: it is verified, not repeated', {});
      launch(run, async () => {
        await step(run, { state: 'verifying', stable_until: null }, null, 'action.resumed');
        const timer = setTimeout(() => run.abort.abort(), definition.timeoutMs);
        const context = contextOf(run);
        const seen = await verifyRun(run, context).finally(() => clearTimeout(timer));
        const kept = seen.outcome === 'not_fixed' ? await store.snapshot(run.run.id) : null;
        await end(run, kept ? await rollBack(definition, context, kept.value, seen) : seen);
      });
    },

    /** Puts back what a finished run changed. The run ends as rolled back, or stays as it is with what went wrong. */
    async undo(stored: StoredRun, definition: ActionDefinition, actor: string): Promise<Result<ActionRun>> {
      const lock = definition.lock(stored.run.target);
      const holder = locks.get(lock);
      if (holder !== undefined)
        return failed(fault('conflict', 'action_busy', `Another action is under way (${holder}).`));
      locks.set(lock, stored.run.id);
      const run = newLiveRun(stored, definition);
      try {
        const kept = await store.snapshot(stored.run.id);
        if (!kept || !definition.rollback || !stored.run.undoable) {
          return failed(fault('conflict', 'not_undoable', 'Nothing was kept of what this run changed.'));
        }
        const journaled = await step(run, {}, null, 'action.undo_asked');
        if (!journaled)
          return failed(
            fault('unavailable', 'not_journaled', 'It could not be journaled, so it was not begun.'),
          );
        const seen: Ending = { outcome: 'not_fixed', message: `undone by ${actor}` };
        const ending = await rollBack(definition, { ...contextOf(run), actor }, kept.value, seen);
        const done = ending.outcome === 'rolled_back';
        const change = done
          ? { outcome: ending.outcome, message: `undone by ${actor}`, undoable: false }
          : { message: redactText(ending.message) };
        await step(run, change, 'action.finished', done ? 'action.rolled_back' : 'action.undo_failed');
        if (done) await store.dropSnapshot(stored.run.id);
        return ok(run.run);
      } finally {
        releaseLock(run);
      }
    },

    /** Tells everybody that the watchdog stops acting on a target by itself. */
    async tripped(target: string, reason: string, actor: string): Promise<void> {
      await store
        .saveGuards(guards.trip(target))
        .catch((thrown: unknown) => log.error({ err: thrown }, 'A guard could not be stored'));
      const data = { guard: guards.state(target), reason };
      await tell(deps.events.append('guard.tripped', { actor, subject: target, data }));
    },

    /** A person closes a breaker: it may be tried again at once. Of a target to which nothing was done there is none. */
    async reset(target: string, actor: string): Promise<void> {
      if (!guards.targets().includes(target)) return;
      await store.saveGuards(guards.reset(target));
      await deps.events.append('guard.closed', {
        actor,
        subject: target,
        data: { guard: guards.state(target) },
      });
    },

    /**
     * This process ends. What only tells people is let come to its end, what waits for a person waits on in the next process, and
     * all else is cancelled. Resolves when what was to end has ended.
     */
    async leave(actor: string): Promise<void> {
      await Promise.all(
        [...live.values()].map(async (run) => {
          const { state, risk, approved_by: approved } = run.run;
          if (state === 'awaiting_approval' && approved === null && !hasSecrets(run)) {
            live.delete(run.run.id);
            releaseLock(run);
            run.release('left');
          } else if (risk === 'observe' && run.definition.timeoutMs <= brieflyMs) await run.done;
          else await this.cancel(run, actor);
        }),
      );
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
