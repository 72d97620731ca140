import type { VigilesConfig } from '@vigiles/contract';
import { join } from 'node:path';
import { createDevices } from '../features/devices/devices.ts';
import {
  createAdaptationStore,
  createOverrideStore,
  createGateway,
  createLedger,
  extrasOf,
  createModelMemory,
  createWorkerSink,
  readSpent,
  budgetRules,
  createBudgetTeller,
  createCardKeeper,
  removeRunFile,
  writeRunFile,
  type GatewayOptions,
} from '../features/gateway/process.ts';
import { readGatewayData } from '../features/plugins/runtime/gateway-data-store.ts';
import { systemClock } from '../kernel/clock.ts';
import { createWaker } from '../kernel/waker.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { loadConfig, watchConfig } from '../platform/config/index.ts';
import { createEventLog } from '../platform/event-log/index.ts';
// Not through its index, which also brings backups.
import { createStore } from '../platform/store/create-store.ts';
import { createRedactor, openSecrets, type Redactor } from '../platform/secrets/index.ts';
import { raise } from '../kernel/fault.ts';
import type { LedgerWorkerData } from './gateway-ledger.ts';
import { failureEvents } from './failure-events.ts';
import { circuitEvents } from './circuit-events.ts';
import { connectedAccountTokens } from './gateway-accounts.ts';
import { resolvedGateway } from './gateway-config.ts';
import { gatewayDoor } from './gateway-door.ts';
import { onlyEvents } from './gateway-events.ts';
import { migrations } from './migrations.ts';
import { configuredRefreshTokens } from './refresh-tokens.ts';
import { sharedGate } from './shared-gate.ts';
import { version } from './version.ts';

export interface GatewayProcessOptions {
  home: string;
  env: Record<string, string | undefined>;
  log: Log;
  /** The log's: what the configuration and the secrets file bring is registered with it. */
  redactor?: Redactor;
  /** Instead of the configuration's; 0 takes a free one. */
  port?: number;
  /** Told of the configuration at the start and whenever it changed. */
  onConfig?(config: VigilesConfig): void;
}

export interface RunningGateway {
  host: string;
  port: number;
  /** Drains, writes the ledger, closes the store and takes the run file away. */
  stop(): Promise<void>;
}

const DRAIN_MS = 30_000;

/**
 * The gateway process: reads the same `vigiles.yaml` and store as control, and needs nothing from it.
 * A broken configuration starts with the last good one: agents must not stop because somebody is editing.
 */
export async function startGateway(options: GatewayProcessOptions): Promise<RunningGateway> {
  const { home, env, log } = options;
  const redactor = options.redactor ?? createRedactor();
  const secrets = openSecrets({ home, passphrase: env['VIGILES_SECRET_PASSPHRASE'], redactor });
  const loaded = await loadConfig({ home, env, allowLastGood: true, redactor, secrets });
  if (!loaded.ok) raise(loaded.fault);
  const configuration = loaded.value;
  const config = configuration.current();
  options.onConfig?.(config);
  const url = config.store.url === undefined ? {} : { url: configuration.resolve(config.store.url) };
  const store = await createStore({ ...url, home, migrations, log });
  const events = onlyEvents(createEventLog({ store, log }), store, EVENTS, log);
  const devices = createDevices({ store, events, clock: systemClock, newId, log });
  await events.start();
  await devices.start();

  const teller = createBudgetTeller({ events, now: () => Date.now(), log });
  const workerData: LedgerWorkerData = { ...url, home };
  const sink = createWorkerSink(new URL('./gateway-ledger.ts', import.meta.url), workerData, log);
  const ledger = createLedger({ sink, log });
  const onBudgetReached: GatewayOptions['onBudgetReached'] = (passed) => teller.tell(passed);
  const { bus } = config;
  const gate =
    bus.url === undefined
      ? {}
      : {
          gate: await sharedGate({
            bus,
            url: configuration.resolve(bus.url),
            store,
            waiting: () => ledger.waiting(),
            onReached: onBudgetReached,
            log,
          }),
        };
  const accounts = connectedAccountTokens({ store, events, secrets, configuration, log });
  const extras = async () => extrasOf(await readGatewayData(store));
  const gateway = createGateway({
    extras: await extras(),
    ...gate,
    config: resolvedGateway(configuration, log),
    budgets: budgetRules(config.budgets),
    spent: await readSpent(store, Date.now(), config.budgets.time_zone),
    onBudgetReached,
    keepCard: createCardKeeper(store, () => Date.now(), log),
    door: gatewayDoor(devices, events),
    refreshTokens: configuredRefreshTokens(configuration, secrets),
    accounts,
    ledger,
    memory: createAdaptationStore(store, events, () => systemClock.now()),
    secretWatch: redactor,
    redact: (text: string) => redactor.text(text),
    secrets: () => redactor.values(),
    overrides: createOverrideStore(store, events, () => systemClock.now()),
    version,
    log,
    modelMemory: createModelMemory(join(home, 'cache', 'models.json')),
    onCircuit: circuitEvents(events, log),
    onFailures: failureEvents(events, log),
  });
  /** Reads again what others changed, one time after the other; what cannot be read now is read later. */
  const reread = (what: string, work: () => Promise<void>) =>
    createWaker({
      async work() {
        await work();
        return null;
      },
      onFailure: (thrown) =>
        log.warn({ err: thrown, what }, 'what was changed could not be read; later again'),
    });
  const overridden = reread('overrides of providers', () => gateway.override());
  const extended = reread('what plugins give', async () => gateway.extend(await extras()));
  const learned = reread('what was learned', () => gateway.relearn());
  const spent = reread('sums of the days', async () => {
    const zone = configuration.current().budgets.time_zone;
    gateway.gate.fill(await readSpent(store, Date.now(), zone), Date.now());
  });
  // Also what another gateway on this store has learned.
  const unlearn = events.subscribe(({ type, subject }) => {
    if (type === 'device.revoked') gateway.cutOff(({ deviceId }) => deviceId === subject);
    if (type === 'token.ended') gateway.cutOff(({ short }) => short?.id === subject);
    if (type.startsWith('provider.')) overridden.wake();
    if (type === 'plugin.gateway_data_changed') extended.wake();
    if (type.startsWith('adaptation.')) learned.wake();
  });
  const address = await gateway.listen(config.gateway.host, options.port ?? config.gateway.port);
  const unsubscribe = configuration.subscribe((next, previous, changed) => {
    options.onConfig?.(next);
    log.info({ changed }, 'configuration reloaded');
    gateway.reconfigure(resolvedGateway(configuration, log), budgetRules(next.budgets));
    if (next.budgets.time_zone !== previous.budgets.time_zone) spent.wake();
  });
  configuration.onRejected((problems) =>
    log.warn({ problems }, 'configuration refused; the last good one stays in force'),
  );
  const unwatch = watchConfig(configuration);
  // Last: whoever reads it may count on all of the above.
  const runFile = await writeRunFile(home, { ...address, secret: gateway.secret });
  log.info({ ...address, pid: process.pid, version }, 'gateway listens');

  return {
    ...address,
    async stop() {
      unwatch();
      unsubscribe();
      unlearn();
      await Promise.all([overridden, extended, learned, spent].map((one) => one.stop()));
      const { cut, unwritten } = await gateway.stop(DRAIN_MS);
      await teller.settled();
      await accounts.close();
      await devices.stop();
      await events.stop();
      await store.close();
      await removeRunFile(runFile);
      log.info({ cut, unwritten }, 'gateway stopped');
    },
  };
}

const EVENTS = [
  'device.paired',
  'device.rotated',
  'device.revoked',
  'token.ended',
  'adaptation.learned',
  'adaptation.changed',
  'adaptation.removed',
  'provider.overridden',
  'provider.override_ended',
  'plugin.gateway_data_changed',
  'oauth.connected',
  'oauth.changed',
  'oauth.disconnected',
] as const;
