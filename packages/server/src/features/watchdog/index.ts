import type { ServiceConfig, WatchdogConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { newId as systemId } from '../../kernel/ids.ts';
import { alone } from '../../platform/presence/index.ts';
import { createSelfWatch } from '../../platform/process/index.ts';
import { createBeats } from './beats/beats.ts';
import { createCatalogue } from './catalogue/catalogue.ts';
import { createCheckFigures } from './check-figures.ts';
import { createCheckKit } from './check-kit.ts';
import { createHttpClient } from './checks/http/http-client.ts';
import { createDetectEngine } from './detect/engine.ts';
import { createEffects } from './effects.ts';
import { createFamily } from './family.ts';
import type { EventsFeature } from '../events/index.ts';
import { faultRoutes } from './fault-routes.ts';
import { createHeartbeatBook } from './heartbeats/heartbeat-book.ts';
import { heartbeatRoutes } from './heartbeats/routes.ts';
import { createAnswering } from './respond/answering.ts';
import { createIncidents } from './incidents/incidents.ts';
import { createIncidentStore } from './incidents/store.ts';
import type { StoredIncident } from './incidents/stored-incident.ts';
import { tryCheckRoute } from './try-check.ts';
import { createMaintenance } from './maintenance/maintenance.ts';
import { maintenanceRoutes } from './maintenance/routes.ts';
import { createMaintenanceStore } from './maintenance/store.ts';
import { createOutageSense } from './outage.ts';
import { createProcessFigures } from './process-figures.ts';
import { followOthers } from './others.ts';
import { createPrediction } from './predict/index.ts';
import { remembered } from './remembered.ts';
import { createRenewer } from './renewer.ts';
import { watchdogRoutes } from './routes.ts';
import { serviceLogStreams } from './service-log-stream.ts';
import { createSources } from './signals/sources/sources.ts';
import { createPulse } from './scheduler/pulse.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { createSeedApi } from './seed-api/index.ts';
import { publicPageOf } from './status-page/of-services.ts';
import { createStateStore } from './state-store.ts';
import { createTargets } from './targets.ts';
import { createToldFaults } from './told-faults.ts';
import { viewOf } from './view.ts';
import type { WatchdogDeps } from './watchdog-deps.ts';
import { createWatchedService, type WatchedService } from './watched-service.ts';

export type { CheckAccess } from './check-kit.ts';
export type { WatchdogDeps } from './watchdog-deps.ts';
export { faultFileJsonSchema } from './catalogue/json-schema.ts';
export { migrations } from './migrations.ts';
export type { ServiceHooks } from './watched-service.ts';
export type { Questions } from './diagnosis/question.ts';
export type { PluginLook } from './checks/define-check.ts';

/** Watches services, heals what breaks, and keeps the story of it. */
export function createWatchdog(deps: WatchdogDeps) {
  const { store, events, log, actions, clock = systemClock, newId = systemId, startGraceMs = 30_000 } = deps;
  let config = deps.config;
  let builtin = deps.builtin ?? [];
  let reloading: Promise<void> = Promise.resolve();
  let stopping = false;
  const services = new Map<string, WatchedService>();
  const family = createFamily(services);
  const selfWatch = createSelfWatch({ clock, lagMs: 500 });
  const outage = createOutageSense(clock);
  const http = createHttpClient(clock);
  const heartbeats = createHeartbeatBook({ store, clock, log });
  heartbeats.onPush(({ service, check }) => void services.get(service)?.lookAt(check));
  const kit = createCheckKit({
    ...deps.checkAccess,
    clock,
    log,
    http,
    heartbeats,
    home: deps.home,
    baseEnv: deps.baseEnv,
    scripts: () => config.scripts,
    logFile: (name) => services.get(name)?.supervisor?.logFile ?? null,
  });
  const scheduler = createScheduler({ clock, random: deps.random ?? Math.random });
  const pulse = createPulse(() => services.values());
  const maintenance = createMaintenance({
    store: createMaintenanceStore({ store, events }),
    clock,
    newId,
    config,
    names: () => new Set(services.keys()),
    changed() {
      for (const service of services.values()) service.tick();
    },
  });
  const states = createStateStore({ store, events, log });
  const beats = createBeats({
    store,
    ...(deps.history ? { history: deps.history } : {}),
    clock,
    log,
    watching: deps.watching ?? (() => false),
    publish: (news) => events.publishVolatile('fleet.beats', { beats: news }),
  });
  const figures = createProcessFigures({ history: deps.history ?? null, clock });
  const checkFigures = createCheckFigures({ history: deps.history ?? null, clock });
  const presence = deps.presence ?? alone(store.instance);
  const incidentStore = createIncidentStore({ store, events, owner: presence.id });
  const incidents = createIncidents({
    store: incidentStore,
    presence,
    clock,
    newId,
    log,
    onFlipped(value, message) {
      responder.flip(value);
      const { fixedBy } = value;
      if (fixedBy === null) return;
      actions.flip(fixedBy, message).catch((thrown: unknown) => {
        log.error({ err: thrown, run: fixedBy }, 'An outcome could not be corrected');
      });
    },
  });
  const catalogue = createCatalogue({ home: deps.home, configuration: deps.configuration, events, log });
  const { responder, knowledge, answering } = createAnswering({
    entryOf: (fault) => catalogue.entry(fault),
    detection: {
      lastSeen: (fault, target) => detect.lastSeen(fault, target),
      finish: (fault, target) => detect.finish(fault, target),
    },
    ...deps,
    clock,
    newId,
    incidents,
    incidentStore,
    config: () => config,
    find: (name) => services.get(name) ?? null,
  });
  const detect = createDetectEngine({
    catalogue,
    events,
    clock,
    log,
    control: store.instance,
    responder,
    labelsOf: (target) => {
      const service = services.get(target);
      return service ? { supervised: String(service.supervisor !== null), name: target } : {};
    },
  });
  const sources =
    deps.userHome === undefined
      ? null
      : createSources({
          home: deps.home,
          userHome: deps.userHome,
          catalogue,
          engine: detect,
          config,
          // Our gateway tells its faults as events; its log is not read.
          serviceLogs: () =>
            [...services.values()].flatMap(({ name, supervisor }) =>
              supervisor && name !== 'gateway' ? [{ service: name, file: supervisor.logFile }] : [],
            ),
          gatewayPort: deps.gatewayPort ?? (() => null),
          clock,
          log,
        });
  const prediction = createPrediction({
    ...deps,
    services,
    clock,
    signal: detect.signal,
    ...(deps.predictEveryMs === undefined ? {} : { everyMs: deps.predictEveryMs }),
  });
  const renewer = createRenewer({ actions, clock, startGraceMs, log });
  const unsubscribe = actions.subscribe((run) => responder.onRun(run));

  const onEffect = createEffects({ family, responder, detect, incidents, states, clock });

  const wanted = (): ServiceConfig[] => {
    const taken = new Set(builtin.map(({ name }) => name));
    return [...builtin, ...config.services.filter(({ name }) => !taken.has(name))];
  };

  function add(serviceConfig: ServiceConfig): WatchedService {
    const service = createWatchedService({
      config: serviceConfig,
      hooks: deps.hooks?.[serviceConfig.name] ?? {},
      home: deps.home,
      baseEnv: deps.baseEnv,
      environmentOf: deps.environmentOf ?? (({ env }) => env),
      clock,
      log,
      kit,
      scheduler,
      selfWatch,
      outage,
      beats,
      figures,
      checkFigures,
      startGraceMs,
      maintenanceOf: maintenance.windowsOf,
      signal: (seen) => detect.signal(seen),
      onEffect,
    });
    services.set(service.name, service);
    return service;
  }

  /** Not through the runner: nothing is broken, this is the beginning. A failure is a fault like any other. */
  async function boot(service: WatchedService): Promise<void> {
    const { supervisor } = service;
    if (!supervisor || supervisor.current() || service.memory().state === 'STOPPED_BY_USER') return;
    if (incidents.of(service.name)) return;
    const signal = new AbortController().signal;
    const note = (text: string, data?: Record<string, unknown>) =>
      log.info({ service: service.name, ...data }, text);
    const started = await supervisor.start({ signal, note });
    if (!started.ok) service.observe({ kind: 'process_dead', instance: null, reason: started.fault.message });
  }

  function begin(service: WatchedService): void {
    service.schedule();
    if (incidents.of(service.name)) responder.answer(service.name);
  }

  /** On purpose: how it goes down is not looked at. */
  const end = async (service: WatchedService): Promise<void> => {
    service.rest();
    const signal = new AbortController().signal;
    const timeout = service.config().stop_timeout_s * 1000;
    const ended = await service.supervisor?.end(timeout, { signal, note: () => undefined });
    if (ended && !ended.ok) log.warn({ service: service.name }, ended.fault.message);
  };

  async function follow(next: WatchdogConfig, nextBuiltin: readonly ServiceConfig[]): Promise<void> {
    config = next;
    builtin = nextBuiltin;
    maintenance.reload(next);
    const list = wanted();
    for (const [name, service] of services) {
      const entry = list.find((one) => one.name === name);
      // Watched only, or supervised: these are different services under one name.
      if (entry && Boolean(entry.command) === (service.supervisor !== null)) continue;
      await responder.removed(name);
      await end(service);
      service.leave();
      services.delete(name);
      beats.forget(name);
      figures.forget(name);
      checkFigures.forget(name);
      detect.forget(name);
    }
    for (const entry of list) {
      const service = services.get(entry.name);
      if (service) {
        if (service.reconfigure(entry)) void renewer.renew(service);
        continue;
      }
      if (stopping) return;
      const added = add(entry);
      await added.supervisor?.adopt();
      await boot(added);
      begin(added);
    }
    await sources?.reload(next);
  }

  const views = { actions, beats, incidents, predictions: prediction.of };
  const seed = createSeedApi({
    store,
    clock,
    log,
    services,
    beats,
    actions,
    loop: () => scheduler.stats(),
    watching: deps.watchingHealth ?? (() => 0),
    publish: (snapshot) => events.publishVolatile('health.snapshot', snapshot),
  });
  const page = publicPageOf({ clock, config: deps.statusPage, services, beats, incidentStore, maintenance });
  return {
    streams: (events: EventsFeature) => serviceLogStreams(services, events),
    routes: [
      ...watchdogRoutes({ ...views, services }),
      ...answering.routes,
      ...prediction.routes,
      ...faultRoutes({
        home: deps.home,
        configuration: deps.configuration,
        catalogue,
        engine: detect,
        now: () => clock.now(),
      }),
      ...maintenanceRoutes(maintenance),
      ...heartbeatRoutes({ heartbeats, services }),
      tryCheckRoute({ kit, clock, services }),
      ...seed.routes,
      ...page,
    ],
    list: (bar?: number) => [...services.values()].map((service) => viewOf(service, views, bar)),
    get: (name: string) => {
      const service = services.get(name);
      return service ? viewOf(service, views) : null;
    },
    maintenance,
    incidents: incidentStore.list,
    told: createToldFaults({ detect, incidents, responder, clock }),
    responder: { sighted: responder.sighted, cleared: responder.cleared },
    knowledge,
    incidentCounts: incidentStore.counts,
    /** For numbers about the watchdog. */
    openIncidents: () => incidents.openStories().map(({ incident }) => incident),
    states: () => [...services.values()].map(({ name, memory }) => ({ name, state: memory().state })),
    checkTotals: checkFigures.totals,
    predictions: prediction.list,
    aiStatus: answering.aiStatus,
    questions: answering.questions,

    async start(): Promise<void> {
      const known = await states.load();
      for (const serviceConfig of wanted()) add(serviceConfig);
      const isUnwatched = ({ key, incident }: StoredIncident) =>
        key === incident.target && !services.has(key);
      await Promise.all([
        // Of services of another control nobody here can tell how they go on.
        incidents.load((value) => !presence.shared || !isUnwatched(value)),
        answering.load(),
        beats.load([...services.keys()]),
        maintenance.load(),
        heartbeats.load(),
      ]);
      for (const value of incidents.openStories()) if (isUnwatched(value)) await responder.removed(value.key);
      followOthers({ presence, maintenance, incidentStore, clock });
      for (const service of services.values()) {
        service.restore(remembered(known.get(service.name), incidents.of(service.name) !== null));
      }
      actions.bindServices(
        createTargets({
          find: (name) => services.get(name) ?? null,
          clock,
          startGraceMs,
          saved: () => states.settled(),
        }),
      );
      selfWatch.start();
      catalogue.start();
      prediction.start();
      beats.start();
      pulse.start();
      await Promise.all([...services.values()].map(async (service) => service.supervisor?.adopt()));
      if (!config.enabled) return actions.resume();
      responder.begin();
      detect.start();
      await actions.resume();
      await Promise.all([...services.values()].map(boot));
      for (const service of services.values()) begin(service);
      sources?.start();
      seed.start();
    },

    /** New settings: services come, go and change; what did not change is not touched. One change after the other. */
    reload(next: WatchdogConfig, nextBuiltin?: readonly ServiceConfig[]): Promise<void> {
      const before = reloading;
      const mine = (async () => {
        await before;
        if (!stopping) await follow(next, nextBuiltin ?? builtin);
      })();
      reloading = mine.catch(() => undefined);
      return mine;
    },

    /** `keepRunning`: supervised services live on, to be adopted by the next control. */
    async stop({ keepRunning }: { keepRunning: boolean }): Promise<void> {
      stopping = true;
      await reloading;
      detect.stop();
      prediction.stop();
      catalogue.stop();
      await sources?.stop();
      responder.stop();
      renewer.stop();
      unsubscribe();
      for (const service of services.values()) service.rest();
      // Before the services: a restart under way must not bring back what is being ended.
      await actions.leave();
      if (!keepRunning) await Promise.all([...services.values()].map(end));
      for (const service of services.values()) service.leave();
      seed.stop();
      pulse.stop();
      scheduler.stop();
      selfWatch.stop();
      await Promise.all([beats.stop(), incidents.stop(), answering.stop(), states.stop(), heartbeats.stop()]);
      http.destroy();
    },
  };
}

export type Watchdog = ReturnType<typeof createWatchdog>;
