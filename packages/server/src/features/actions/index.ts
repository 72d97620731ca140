import type { ActionInfo, ActionRun, WatchdogConfig } from '@vigiles/contract';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { newId as systemId, type NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import { alone, type Presence } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { actions as registry } from './actions/registry.gen.ts';
import { createAudit } from './audit/audit.ts';
import { dropKeepsakes } from './keepsakes.ts';
import { catalog } from './catalog.ts';
import { viewOf } from './context.ts';
import type { ActionDefinition } from './define-action.ts';
import { createGuardBook, guardPolicy } from './guard-book.ts';
import { actionRoutes } from './routes.ts';
import { createRunner, type RunnerDeps } from './runner.ts';
import { createActionService } from './service.ts';
import { createActionStore, type StoredRun } from './store.ts';
import { createTakeUp } from './take-up.ts';
import { noFaces, type ActionFaces } from './faces.ts';
import type { ServiceTargets } from './targets.ts';

export type { Audit, AuditEntry, ChainVerdict } from './audit/audit.ts';
export { redactData, redactText } from './core/redact.ts';
export { defineAction, type ActionContext, type ActionDefinition } from './define-action.ts';
export type { ActionFaces, CiTargets, GatewayTargets, OverrideAsk, ProviderView } from './faces.ts';
export { createSpendGuard, type SpendGuard, type SpendState } from './spend-guard.ts';
export type { SessionOutcome, SessionTargets, SessionView } from './session-targets.ts';
export type { SpendPolicy, SpendVerdict } from './core/spend.ts';
export type { BackupTargets } from './backup-targets.ts';
export type { MailTargets, MailView } from './mail-targets.ts';
export type { PortLook, PortTargets } from './port-targets.ts';
export { knownActions } from './known-actions.ts';
export { migrations } from './migrations.ts';
export type { ActionRequest, Requested } from './service.ts';
export type { ServiceTargets, ServiceView, StaleProcess, TargetView, Work } from './targets.ts';

export interface ActionsDeps {
  store: Store;
  events: EventLog;
  /** Who else works on the database; absent: nobody does. */
  presence?: Presence;
  log: Log;
  config: WatchdogConfig;
  clock?: Clock;
  newId?: NewId;
  /** Actions of other features, besides the registry. */
  more?: readonly ActionDefinition[];
  /** What actions may lay hands on besides services; the rest is handed over with `bind`. */
  faces?: Partial<ActionFaces>;
  /** How long runs that were left wait for their plugin. Milliseconds. */
  pluginWaitMs?: number;
}

const keepSnapshotsMs = 30 * 86_400_000;

/** The one action runner, with its guards, its journal and the audit chain. */
export function createActions(deps: ActionsDeps) {
  const { clock = systemClock, newId = systemId, log, events, presence = alone(newId('ctl')) } = deps;
  let config = deps.config;
  let faces: ActionFaces = { ...noFaces(''), settings: () => config, ...deps.faces };
  const audit = createAudit({
    store: deps.store,
    clock,
    told: (seq) => events.publishVolatile('audit.recorded', { seq }),
  });
  const store = createActionStore({ store: deps.store, events, audit, owner: presence.id });
  const guards = createGuardBook({ clock, policy: () => guardPolicy(config) });
  const own = [...Object.values(registry), ...(deps.more ?? [])];
  const definitions = new Map(own.map((action) => [action.id, action] as const));
  const shared: RunnerDeps = {
    clock,
    newId,
    log,
    store,
    events,
    guards,
    definitions,
    faces: () => faces,
  };
  const runner = createRunner(shared);
  const service = createActionService(shared, runner);

  // Made when it is asked for: describing all parameters takes a while, and a control that starts has no need of it.
  let builtIn: readonly ActionInfo[] | undefined;

  const left = createTakeUp({
    definitions,
    isThere: (target) => viewOf(faces, target) !== null,
    isLocked: (definition, target) => runner.lockHolder(definition, target) !== null,
    resume: (stored, definition) => runner.resume(stored, definition),
    commit: (change) => store.commit(change),
    now: () => clock.now(),
    pluginWaitMs: deps.pluginWaitMs ?? 60_000,
    log,
  });

  const leave = (): Promise<void> => {
    service.close();
    return runner.leave('the shutdown of Vigiles');
  };

  async function takeUp(): Promise<void> {
    const taken: StoredRun[] = [];
    try {
      await store.takeOver(await presence.gone(), (stored) => taken.push(stored));
    } finally {
      await left.take(taken);
    }
  }
  // Other controls come and go; ours takes part once it knows its services.
  let resumed = false;
  presence.each(async () => {
    if (resumed) await takeUp();
  });

  /** Snapshots that nobody will ask for any more, and the copies of files they stand for. */
  async function forgetSnapshots(): Promise<void> {
    for (const runId of await store.oldSnapshots(clock.now() - keepSnapshotsMs)) {
      await store.dropSnapshot(runId);
      if (faces.home !== '') await dropKeepsakes(faces.home, runId);
    }
  }

  return {
    audit,
    ...service,
    /** Vigiles ends: from now on nothing begins by itself, and what is under way ends or is left for the next process. */
    leave,
    runs: store.list,
    get catalog() {
      return (builtIn ??= catalog(own));
    },
    routes: actionRoutes({ service, store, audit, catalog: () => catalog(definitions.values()) }),
    /** Actions that come and go while it runs, all of them as they are now: those of plugins. Built-in ids stay built in. */
    offer(extra: readonly ActionDefinition[]): void {
      definitions.clear();
      for (const action of [...extra, ...own]) definitions.set(action.id, action);
      left.offered();
    },
    tally: store.tally,
    /** Every change of every run, in this process, after it was journaled. */
    subscribe: (handler: (run: ActionRun) => void) => runner.subscribe(handler),
    /** The run that is changing a service now, and how it will have ended; null when none is. */
    underWay(target: string): Promise<ActionRun> | null {
      const lock = `service:${target}`;
      const run = runner.liveRuns().find(({ definition, run }) => definition.lock(run.target) === lock);
      return run ? run.done : null;
    },
    restartsInWindow: (target: string) => guards.countInWindow(target),
    /** A success that did not last: the run says so from now on. */
    async flip(runId: string, message: string): Promise<void> {
      await store.amend(runId, (stored) => {
        if (stored.run.outcome !== 'fixed') return null;
        const run: ActionRun = { ...stored.run, outcome: 'not_fixed', message };
        const record = {
          actor: 'watchdog',
          verb: 'action.flipped',
          target: run.target,
          data: { run: runId, message },
        };
        return { stored: { ...stored, run }, event: 'action.finished', audit: record };
      });
    },
    /** The watchdog hands over its services. */
    bindServices(targets: ServiceTargets): void {
      faces = { ...faces, services: targets };
    },
    /** Other features hand over what actions may lay hands on. */
    bind(more: Partial<ActionFaces>): void {
      faces = { ...faces, ...more };
    },
    async start(): Promise<void> {
      await store.dropGuards(guards.load(await store.guards()));
      await forgetSnapshots();
    },
    /** Takes up what processes left under way that are gone; called once the services are known again. */
    async resume(): Promise<void> {
      await takeUp();
      resumed = true;
    },
    async stop(): Promise<void> {
      resumed = false;
      await left.stop();
      await leave();
      await runner.stop();
    },
    reload(next: WatchdogConfig): void {
      config = next;
    },
  };
}

export type Actions = ReturnType<typeof createActions>;
export type { FeatureName, FeatureTargets } from './feature-targets.ts';
