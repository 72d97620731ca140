import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ServiceConfig,
  WatchdogConfig,
  type Incident,
  type Service,
  type VigilesEvent,
} from '@vigiles/contract';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { loadConfig } from '../../../platform/config/index.ts';
import { createPresence, presenceMigrations } from '../../../platform/presence/index.ts';
import { freePort } from '../../../platform/process/index.ts';
import { createStore, type Migrations } from '../../../platform/store/index.ts';
import { createActions, migrations as actionMigrations, type ActionDefinition } from '../../actions/index.ts';
import {
  createWatchdog,
  migrations as watchdogMigrations,
  type ServiceHooks,
  type WatchdogDeps,
} from '../index.ts';
import { pauses } from '../../../testing/pauses.ts';

/** Waits until the condition holds; fails with what was waited for. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  ms = 60_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  const pause = pauses();
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await pause();
  }
}

export { freePort };

export const tempHome = (): string => mkdtempSync(join(tmpdir(), 'vigiles-watchdog-'));

/** A service program: answers on its port, `BODY` says how it behaves. */
export function program(home: string, name: string, body: string): string {
  const path = join(home, `${name}.mjs`);
  writeFileSync(path, body);
  return path;
}

export const httpProgram = (port: number): string => `
import { createServer } from 'node:http';
console.log('serving with api_key=abcdef123456789');
process.on('SIGTERM', () => process.exit(0));
createServer((request, response) => {
  response.end('ok');
  if (request.url === '/hang') setImmediate(() => { for (;;); });
}).listen(${port}, '127.0.0.1');
`;

/** A supervised HTTP service with fast looks. */
export function httpService(home: string, port: number, more: object = {}): ServiceConfig {
  return ServiceConfig.parse({
    name: 'web',
    command: [process.execPath, program(home, `web-${port}`, httpProgram(port))],
    port,
    checks: [{ type: 'http', url: `http://127.0.0.1:${port}/health`, interval_s: 0.1, timeout_s: 0.5 }],
    failures_to_down: 2,
    stop_timeout_s: 2,
    ...more,
  });
}

export interface RigOptions {
  home: string;
  /** A PostgreSQL database instead of the SQLite file in `home`; others may work on it too. */
  url?: string;
  services?: readonly unknown[];
  watchdog?: object;
  hooks?: Record<string, ServiceHooks>;
  startGraceMs?: number;
  clock?: Clock;
  environmentOf?: (service: ServiceConfig) => Record<string, string>;
  entryOf?: WatchdogDeps['entryOf'];
  ai?: WatchdogDeps['ai'];
  history?: WatchdogDeps['history'];
  budgets?: WatchdogDeps['budgets'];
  predictEveryMs?: number;
  /** Its fault files in `catalogue/` are read, and logs and agents looked for. */
  userHome?: string;
  /** Of other features that use the same store. */
  migrations?: Migrations;
  /** Actions besides the registry’s. */
  more?: readonly ActionDefinition[];
}

/** The real store, event log, runner and watchdog over a home folder. */
export async function openRig(options: RigOptions) {
  const { home, services = [], hooks = {}, startGraceMs = 5000, clock = systemClock } = options;
  const migrations = {
    ...eventLogMigrations,
    ...presenceMigrations,
    ...actionMigrations,
    ...watchdogMigrations,
    ...options.migrations,
  };
  const store = await createStore({
    home,
    migrations,
    log: silentLog,
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  const presence = createPresence({ store, log: silentLog, clock, beatMs: 100 });
  const events = createEventLog({ store, log: silentLog, validate: true });
  await events.start();
  const seen: VigilesEvent[] = [];
  events.subscribe((event) => seen.push(event));
  const config = WatchdogConfig.parse({ services, veto_s: 0.2, stable_s: 0, ...options.watchdog });
  const actions = createActions({
    store,
    events,
    presence,
    log: silentLog,
    config,
    clock,
    ...(options.more ? { more: options.more } : {}),
  });
  const configuration = await loadConfig({ home, env: {} });
  if (!configuration.ok) throw new Error(configuration.fault.message);
  const watchdog = createWatchdog({
    configuration: configuration.value,
    store,
    events,
    presence,
    log: silentLog,
    actions,
    config,
    home,
    hooks,
    clock,
    startGraceMs,
    baseEnv: { PATH: process.env['PATH'] ?? '' },
    ...(options.environmentOf ? { environmentOf: options.environmentOf } : {}),
    ...(options.entryOf ? { entryOf: options.entryOf } : {}),
    ...(options.ai ? { ai: options.ai } : {}),
    ...(options.history ? { history: options.history } : {}),
    ...(options.budgets ? { budgets: options.budgets } : {}),
    ...(options.predictEveryMs ? { predictEveryMs: options.predictEveryMs } : {}),
    ...(options.userHome ? { userHome: options.userHome } : {}),
  });
  await presence.component.start?.();
  await actions.start();
  await watchdog.start();
  const service = (name: string): Service => {
    const found = watchdog.get(name);
    if (!found) throw new Error(`no service ${name}`);
    return found;
  };
  return {
    store,
    events,
    actions,
    watchdog,
    seen,
    service,
    state: (name: string) => service(name).state,
    up: (name: string) => until(`${name} is up`, () => service(name).state === 'UP'),
    incident: (name: string, state: Incident['state']): Promise<Incident> =>
      until(`${name} has a ${state} incident`, async () => {
        const found = await watchdog.incidents({ target: name, limit: 10 });
        return found.find((incident) => incident.state === state);
      }),
    alerts: () => seen.filter(({ type }) => type === 'alert.raised'),
    async close(how: { keepRunning: boolean } = { keepRunning: false }): Promise<void> {
      await watchdog.stop(how);
      await actions.stop();
      await presence.component.stop?.();
      await events.stop();
      await store.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;

export const removeHome = (home: string): void => rmSync(home, { recursive: true, force: true });
