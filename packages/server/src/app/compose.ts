import { systemClock, type Clock } from '../kernel/clock.ts';
import { newId as systemId, type NewId } from '../kernel/ids.ts';
import { createLifecycle, type Component } from '../kernel/lifecycle.ts';
import type { Log } from '../kernel/log.ts';
import type { Route } from '../kernel/route.ts';
import type { Configuration } from '../platform/config/index.ts';
import { createEgress } from '../platform/egress/index.ts';
import { createEventLog, type EventLog } from '../platform/event-log/index.ts';
import {
  createHttpServer,
  type AuditEntry,
  type HttpServer,
  type StreamRoute,
} from '../platform/http/index.ts';
import { createPresence } from '../platform/presence/index.ts';
import type { Secrets } from '../platform/secrets/index.ts';
import type { OutletBudget } from '../platform/socket/index.ts';
import { createStore, type Store } from '../platform/store/index.ts';
import {
  approvalRoutes,
  createDevices,
  createGuards,
  createGuessing,
  createRateLimiter,
  deviceRoutes,
  oauthServerRoutes,
  pairingRoutes,
  signInRoutes,
  tiers,
  type Devices,
} from '../features/devices/index.ts';
import { createEventsFeature, type Door, type EventsFeature } from '../features/events/index.ts';
import { createQuotas } from '../features/quotas/index.ts';
import { createSeries, type Series } from '../features/series/index.ts';
import { createSessions, type CommandStepRecord, type Sessions } from '../features/sessions/index.ts';
import {
  addMetrics,
  createMetrics,
  emptyParts,
  systemRoutes,
  type StatusParts,
} from '../features/system/index.ts';
import { builtIn } from './built-in.ts';
import type { ControlExtension, ControlKit, Extend } from './extension.ts';
import { createPlugins } from './plugin-runtime.ts';
import { lastKnown } from './last-known.ts';
import { migrations } from './migrations.ts';
import { version } from './version.ts';

export interface ControlOptions {
  home: string;
  /** What the gateway and other supervised processes inherit from. */
  env?: Readonly<Record<string, string | undefined>>;
  configuration: Configuration;
  /** Where secrets are kept that Vigiles makes itself. Absent: nowhere. */
  secrets?: Pick<Secrets, 'get' | 'set'> & Partial<Pick<Secrets, 'ensure'>>;
  log: Log;
  /** Gets every step of a command to a session. */
  commandLog?(step: CommandStepRecord): void;
  clock?: Clock;
  newId?: NewId;
  /** Features besides the built-in devices, events and system. */
  extend?: readonly Extend[];
  /** The dashboard's build. */
  dashboard?: string;
  /** Override `server.host` and `server.port`. */
  host?: string;
  port?: number;
  /** What a socket may leave unread. */
  outletBudget?: OutletBudget;
}

export interface Control {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it listens; what was asked for, before it does. */
  address(): { host: string; port: number; url: string };
  /** A one-time link that signs a browser in as administrator. Ten minutes. */
  signInLink(): Promise<string>;
  store: Store;
  events: EventLog;
  devices: Devices;
  series: Series;
  sessions: Sessions;
  stream: EventsFeature;
  routes: readonly Route[];
  /** Its Server-Sent Events. */
  streams: readonly StreamRoute[];
}

/** An address as it is written in a URL: wildcards become loopback, IPv6 gets brackets. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Builds control, leaves first. The store is opened here; everything else starts with `start()`. */
export async function composeControl(options: ControlOptions): Promise<Control> {
  const { home, configuration, log } = options;
  const { url } = configuration.current().store;
  const store = await createStore({
    home,
    migrations,
    newSchema: async () => (await import('./new-schema.gen.ts')).newSchema,
    log,
    ...(url === undefined ? {} : { url: configuration.resolve(url) }),
  });
  try {
    return await assemble(store, options);
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** The history's thread starts with the first sample; it follows the settings. */
function seriesLife(series: Series, configuration: Configuration): Omit<Component, 'name'> {
  let unsubscribe = () => {};
  return {
    start() {
      unsubscribe = configuration.subscribe((next) => series.reload(next.series));
    },
    stop() {
      unsubscribe();
      return series.stop();
    },
  };
}

async function assemble(store: Store, options: ControlOptions): Promise<Control> {
  const { home, env = {}, configuration, log, clock = systemClock, newId = systemId } = options;
  const config = () => configuration.current();
  const events = createEventLog({ store, log, clock, newId });
  const presence = createPresence({ store, log, clock });
  const devices = createDevices({ store, events, clock, newId, log });
  const limiter = createRateLimiter(clock, () => config().limits);
  const guards = createGuards(devices, limiter);
  const sessions = createSessions({
    store,
    events,
    clock,
    newId,
    log: log.child({ category: 'sessions' }),
    config,
    clean: (json) => configuration.redactJson(json),
    ...(options.commandLog ? { commandLog: options.commandLog } : {}),
  });
  const allowedOrigins = () => config().server.allowed_origins;
  const doors: Door[] = [];
  const stream = createEventsFeature({
    events,
    guards,
    clock,
    log: log.child({ category: 'events' }),
    version,
    allowedOrigins,
    doors,
    ...(options.outletBudget ? { budget: options.outletBudget } : {}),
  });

  const quotaParts = createQuotas({ store, events, clock, log, config });
  const egress = createEgress({ config: () => config().egress });
  const { url } = config().store;
  const series = createSeries({
    home,
    clock,
    log,
    config: config().series,
    ...(url === undefined ? {} : { url: configuration.resolve(url) }),
  });

  const kit: ControlKit = {
    home,
    env,
    version,
    store,
    events,
    presence,
    devices,
    series,
    sessions,
    agents: { start: null },
    quotas: quotaParts.quotas,
    quotaParts,
    plugins: createPlugins({ home, env, store, events, egress, configuration, clock, log }),
    configuration,
    config,
    clock,
    newId,
    log,
    egress,
    secrets: options.secrets ?? null,
    looks: () => extensions.flatMap(({ look }) => (look ? [look] : [])),
    routes: () => routes,
    audit: (entry) => audit(entry),
    watching: (topic) => stream.watching(topic),
  };
  const extensions: ControlExtension[] = await Promise.all(
    [...builtIn, ...(options.extend ?? [])].map(async (extend) => extend(kit)),
  );
  for (const { door } of extensions) if (door) doors.push(door);
  const parts: StatusParts = Object.assign({}, emptyParts, ...extensions.map(({ status }) => status ?? {}));
  const usage = extensions.find(({ usageToday }) => usageToday)?.usageToday;
  const auditLog = log.child({ category: 'audit' });
  const audits = extensions.flatMap(({ audit }) => (audit ? [audit] : []));
  const audit = (entry: AuditEntry): void => {
    auditLog.info(entry, 'audit');
    for (const write of audits) write(entry);
  };

  const startedAt = clock.now();
  const startedMs = clock.monotonic();
  const configured = {
    host: options.host ?? config().server.host,
    port: options.port ?? config().server.port,
  };
  let bound = configured;
  const metrics = createMetrics(
    {
      clients: () => stream.stats().clients,
      droppedSlow: () => stream.stats().droppedSlow,
      delivered: () => stream.stats().delivered,
      headSeq: () => events.head(),
    },
    version,
  );
  addMetrics(
    metrics.registry,
    extensions.flatMap((extension) => extension.metrics ?? []),
    log,
  );
  const routes: Route[] = [
    ...systemRoutes({
      parts,
      metrics,
      source: {
        version,
        startedAt,
        now: () => clock.now(),
        uptimeS: () => Math.round((clock.monotonic() - startedMs) / 100) / 10,
        config,
        configState: () => {
          const { path, loadedAt, problems } = configuration.state();
          return { path, loaded_at: loadedAt, problems };
        },
        address: () => bound,
        store: { dialect: store.dialect, quarantined: store.quarantined },
        left: (identity) => {
          const left = limiter.left(identity);
          return Object.fromEntries(
            tiers.map((tier) => [
              tier,
              { remaining: left[tier].remaining, reset_s: Math.ceil(left[tier].resetMs / 1000) },
            ]),
          );
        },
        headSeq: () => events.head(),
        subscribers: () => stream.clientCount(),
        activeSessions: lastKnown(() => sessions.active(), 500),
      },
    }),
    ...deviceRoutes({
      devices,
      limiter,
      limits: () => config().limits,
      usageToday: usage ?? (async () => new Map()),
    }),
    ...pairingRoutes({ devices }),
    ...signInRoutes({ devices, guessing: createGuessing(clock) }),
    ...approvalRoutes({ devices, guessing: createGuessing(clock) }),
    ...oauthServerRoutes({
      devices,
      asking: createGuessing(clock),
      publicUrl: () => config().oauth.public_url,
      providers: () =>
        config().oauth.providers.flatMap(({ id, proxy }) => (proxy.allow.length > 0 ? [id] : [])),
    }),
    ...stream.routes,
    ...extensions.flatMap((extension) => extension.routes ?? []),
  ];

  const streams = [
    ...stream.streams,
    ...extensions.flatMap((extension) => extension.streams?.(stream) ?? []),
  ];

  let http: HttpServer | null = null;
  let sockets: { close(): Promise<void> } | null = null;
  const components: Component[] = [
    { name: 'store', stop: () => store.close() },
    { name: 'egress', stop: () => egress.close() },
    { name: 'series', ...seriesLife(series, configuration) },
    { name: 'event log', start: () => events.start(), stop: () => events.stop() },
    presence.component,
    devices,
    quotaParts.component,
    { name: 'sessions', start: () => sessions.start(), stop: () => sessions.stop() },
    { name: 'event stream', start: () => stream.start(), stop: () => stream.stop() },
    ...extensions.flatMap((extension) => extension.components ?? []),
    {
      name: 'http',
      async start() {
        http = await createHttpServer({
          routes,
          streams,
          guards,
          log: log.child({ category: 'http' }),
          clock,
          newId,
          version,
          allowedOrigins,
          audit,
          ...(options.dashboard === undefined ? {} : { dashboard: options.dashboard }),
        });
        sockets = stream.attach(http.server);
        bound = await http.listen(configured.host, configured.port);
      },
      async stop() {
        // Followers first: an open stream would keep the server from closing.
        stream.stop();
        await sockets?.close();
        await http?.close();
      },
    },
    {
      name: 'system events',
      start: () =>
        events.append('system.started', {
          actor: 'system',
          subject: 'control',
          data: { version, pid: process.pid },
        }),
      // A database that is away must not make a clean stop look like a failed one.
      stop: () =>
        events
          .append('system.stopped', { actor: 'system', subject: 'control', data: { reason: 'stopped' } })
          .catch((thrown: unknown) => log.warn({ err: thrown }, 'The stop could not be recorded')),
    },
  ];
  const lifecycle = createLifecycle(components);
  const address = () => ({ ...bound, url: urlOf(bound.host, bound.port) });
  return {
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    address,
    signInLink: async () => `${address().url}/sign-in#code=${await devices.browser.createCode(['admin'])}`,
    store,
    events,
    devices,
    series,
    sessions,
    stream,
    routes,
    streams,
  };
}
