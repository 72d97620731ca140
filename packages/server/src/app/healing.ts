import type { VigilesConfig } from '@vigiles/contract';
import { createActions } from '../features/actions/index.ts';
import { createOwnModel, readBudgetPaces } from '../features/gateway/index.ts';
import { createWatchdog } from '../features/watchdog/index.ts';
import { actionFaces } from './action-faces.ts';
import { checkAccess } from './check-access.ts';
import { ci, type CiPaces } from './ci.ts';
import type { Extend } from './extension.ts';
import { lookAtWatchdog } from './look-at-watchdog.ts';
import { backups } from './backups.ts';
import { mail } from './mail.ts';
import { ports } from './ports.ts';
import { serviceEnvironment } from './service-environment.ts';
import { watchdogMetrics } from './watchdog-metrics.ts';
import { gatewayHooks, gatewayPort, gatewayService, gatewayUrl } from './gateway-service.ts';

/** What every supervised process may see of our environment. */
const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'SHELL', 'NODE_EXTRA_CA_CERTS'];

const dayMs = 86_400_000;

/** The action runner, the watchdog and the gateway it looks after. @param paces of waits for GitHub: shorter in tests */
export const healingAt =
  (paces?: CiPaces): Extend =>
  async (kit) => {
    const log = kit.log.child({ category: 'watchdog' });
    const { home, env, store, events, presence, clock, newId, config, configuration } = kit;
    const baseEnv = Object.fromEntries(
      inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    );
    const faces = actionFaces(kit, baseEnv);
    const actions = createActions({
      store,
      events,
      presence,
      log,
      clock,
      newId,
      config: config().watchdog,
      faces,
    });
    const offer = () => actions.offer(kit.plugins.actions());
    const unoffer = kit.plugins.runtime.subscribe(offer);
    kit.sessions.carryThrough(async ({ action, sessionId, ...deed }) => {
      // Whoever asked has said so at the session's own door.
      const asked = await actions.request({
        action,
        target: `session:${sessionId}`,
        confirmed: true,
        ...deed,
      });
      return asked.ok ? { ok: true, done: asked.value.done } : { ok: false, message: asked.fault.message };
    });
    const port = await gatewayPort(home, config().gateway);
    const builtin = (next: VigilesConfig) =>
      next.gateway.enabled ? [gatewayService(home, next.gateway, next.gateway.port || port, env)] : [];
    const watchdog = createWatchdog({
      store,
      events,
      presence,
      log,
      actions,
      history: kit.series,
      budgets: () => readBudgetPaces(store, config().budgets, clock.now()),
      home,
      userHome: faces.userHome,
      gatewayPort: () => (config().gateway.enabled ? config().gateway.port || port : null),
      clock,
      newId,
      version: kit.version,
      config: config().watchdog,
      configuration,
      builtin: builtin(config()),
      ai: {
        model: createOwnModel({ home, store, device: 'watchdog' }),
        defaultModel: () => config().gateway.default_model,
      },
      statusPage: () => config().status_page,
      hooks: { gateway: gatewayHooks(home) },
      baseEnv,
      // The gateway's is our own environment, and it reads references itself.
      environmentOf: (service) =>
        service.name === 'gateway' ? service.env : serviceEnvironment(service.env, configuration),
      checkAccess: checkAccess(kit, port),
      watching: () => kit.watching('fleet.beats') > 0,
      watchingHealth: () => kit.watching('health.snapshot'),
    });
    const { questions } = watchdog;
    const defaultModel = () => config().watchdog.ai.model ?? config().gateway.default_model;
    const github = ci(kit, actions, questions && { questions, defaultModel }, paces);
    const relay = mail(kit, actions);
    const copies = backups(kit, actions, watchdog.told);
    const startedAt = clock.now();
    let unsubscribe = () => {};
    return {
      routes: [
        ...watchdog.routes,
        ...actions.routes,
        ...github.routes,
        ...ports(kit, actions, () => watchdog.list(0)),
        ...relay.routes,
        ...copies.routes,
      ],
      streams: watchdog.streams,
      components: [
        {
          name: 'actions',
          start: () => actions.start(),
          stop() {
            unoffer();
            return actions.stop();
          },
        },
        {
          name: 'watchdog',
          async start() {
            await watchdog.start();
            unsubscribe = configuration.subscribe((next) => {
              actions.reload(next.watchdog);
              watchdog.reload(next.watchdog, builtin(next)).catch((thrown: unknown) => {
                log.error({ err: thrown }, 'The watchdog could not follow the new configuration');
              });
            });
          },
          stop() {
            unsubscribe();
            return watchdog.stop({ keepRunning: false });
          },
        },
        ...github.components,
        ...relay.components,
        ...copies.components,
      ],
      look: async () =>
        config().watchdog.enabled ? lookAtWatchdog(watchdog.list(1), startedAt, clock.now()) : null,
      metrics: watchdogMetrics({
        services: watchdog.states,
        checks: watchdog.checkTotals,
        openIncidents: watchdog.openIncidents,
        predictions: watchdog.predictions,
        guards: () => actions.guards(),
        ai: watchdog.aiStatus,
        historyWaiting: () => kit.series.waiting(),
        subscribeRuns: actions.subscribe,
      }),
      status: {
        services() {
          const states = watchdog.list(0).map(({ state }) => state);
          const count = (...wanted: string[]) => states.filter((state) => wanted.includes(state)).length;
          return {
            total: states.length,
            up: count('UP', 'SUSPECT'),
            down: count('DOWN', 'RECOVERING'),
            unknown: count('UNKNOWN'),
          };
        },
        incidents: () => watchdog.incidentCounts(clock.now() - dayMs),
        async gateway() {
          const { gateway: slice } = config();
          const url = gatewayUrl(slice.host, slice.port || port);
          if (!slice.enabled) return { url, state: 'off', pid: null };
          const service = watchdog.get('gateway');
          return { url, state: service?.state ?? 'UNKNOWN', pid: service?.pid ?? null };
        },
      },
      audit({ verb, actor, target, requestId, result, details }) {
        actions.audit
          .record({ verb, actor, target, data: { ...details, request_id: requestId, result } })
          .catch((thrown: unknown) => {
            log.error({ err: thrown, verb }, 'A call could not be written into the audit chain');
          });
      },
    };
  };

export const healing: Extend = healingAt();
