import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type {
  CallFailures,
  GatewayConfig,
  GatewaySnapshot,
  Identity,
  ProviderOverride,
} from '@vigiles/contract';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { newId as systemId, type NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { createLessonBook, type LessonMemory } from './adaptations/lesson-book.ts';
import type { Reached } from './core/budget/book.ts';
import type { BudgetRules, SpentOn } from './core/budget/budget-rules.ts';
import type { Gate, GatePolicy } from './core/gate.ts';
import { createFailureBook } from './core/failures/failure-book.ts';
import { createHealth, type CircuitChange } from './core/health/health.ts';
import { createOverrideBook } from './core/overrides.ts';
import { createRecentCounts } from './core/recent-counts.ts';
import { createSoloGate } from './core/solo-gate.ts';
import { createSessionMemories } from './core/synthesis/session-memory.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { Ledger } from './ledger/ledger.ts';
import { noExtras, type GatewayExtras } from './plugins/extras.ts';
import { createPricing } from './pricing.ts';
import { createRateCards, type NewCard } from './rate-cards.ts';
import { createGatewayServer } from './serve/gateway-server.ts';
import { createSecretScanner } from './secrets/secret-scanner.ts';
import { snapshot, type ProcessFacts } from './serve/snapshot.ts';
import type { TokenDoor } from './serve/token.ts';
import { createTokenCounter } from './tokens/token-counter.ts';
import { createIdleWatch } from './turn/idle-watch.ts';
import { LiveTurns } from './turn/live-turns.ts';
import { createExplorer, portsOf } from './upstream/explore.ts';
import {
  createCredentials,
  type AccountTokens,
  type RefreshTokens,
  type SecretWatch,
} from './upstream/credentials/credentials.ts';
import type { ModelMemory } from './upstream/model-metadata/model-memory.ts';
import { createUpstreamTable } from './upstream/upstream-table.ts';

export interface GatewayOptions {
  config: GatewayConfig;
  budgets: BudgetRules;
  /** Sums of the ledger for the day and month that are running. */
  spent: readonly SpentOn[];
  /** Told of each threshold of a budget that is passed. */
  onBudgetReached?: (passed: Reached) => void;
  /** Keeps rates that turns were priced with. */
  keepCard?: (card: NewCard) => void;
  /** Counts instead of the process itself: for several gateways. */
  gate?: (policy: GatePolicy) => Gate;
  door: TokenDoor<Identity>;
  ledger: Ledger;
  /** Where lessons from refusals are kept; without it they last as long as the process. */
  memory?: LessonMemory;
  /** Takes secrets out of what is kept of providers' words. */
  redact?: (text: string) => string;
  /** Values that must not be kept with what turns say. */
  secrets?: () => readonly string[];
  version: string;
  log: Log;
  /** Proves who we are to control; random unless given. */
  secret?: string;
  /** Where refresh tokens that a provider replaces are kept; absent: in memory only. */
  refreshTokens?: RefreshTokens;
  /** Accounts that a person connected, whose tokens providers may use. */
  accounts?: AccountTokens;
  /** Told of access tokens while they are worth something. */
  secretWatch?: SecretWatch;
  /** What plugins give it: sorts of providers, ways of writing calls. */
  extras?: GatewayExtras;
  /** What holds for providers for a while; without it nothing does. */
  overrides?: { list(): Promise<ProviderOverride[]> };
  /** Where lists of models outlive the process. */
  modelMemory?: ModelMemory;
  clock?: Clock;
  newId?: NewId;
  /** From 0 to 1, for routes that choose by weight. */
  random?: () => number;
  /** Told when a provider is left alone for a while, and when that is over. */
  onCircuit?: (change: CircuitChange) => void;
  /** Told what failed at providers, taken together; never while all is well. */
  onFailures?: (failures: CallFailures) => void;
}

/** The gateway as a part: an HTTP server with everything behind it. The process around it is `app/gateway.ts`. */
export interface Gateway {
  readonly secret: string;
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Puts a new configuration in force; turns under way go on. The listening address does not change. */
  reconfigure(config: GatewayConfig, budgets: BudgetRules): void;
  /** Limits and budgets. */
  readonly gate: Gate;
  /** Ends the turns of whoever was revoked. */
  cutOff(isRevoked: (identity: Identity) => boolean): void;
  /** Somebody changed what was learned: reads it again. */
  relearn(): Promise<void>;
  /** Puts in force what plugins give it now; turns under way go on. */
  extend(extras: GatewayExtras): void;
  /** Overrides were set or ended: reads them again. */
  override(): Promise<void>;
  snapshot(): GatewaySnapshot;
  /** Takes no more, lets turns under way finish for at most `drainMs`, writes the ledger, closes. */
  stop(drainMs: number): Promise<{ cut: number; unwritten: number }>;
}

const LEDGER_CLOSE_MS = 10_000;

/** A provider that fails all day is told of once a second, with the count. */
const REPORT_EVERY_MS = 1000;

export function createGateway(options: GatewayOptions): Gateway {
  const { ledger, door, log, version, clock = systemClock, newId = systemId } = options;
  const pricing = createPricing(() => clock.now());
  const credentials = createCredentials({
    clock,
    log,
    refreshTokens: options.refreshTokens,
    accounts: options.accounts,
    secrets: options.secretWatch,
  });
  const health = createHealth(options.onCircuit);
  let reporting: NodeJS.Timeout | null = null;
  let reportedAt = -REPORT_EVERY_MS;
  const failures = createFailureBook((ms) => {
    if (reporting) clearTimeout(reporting);
    const early = reportedAt + REPORT_EVERY_MS - clock.monotonic();
    reporting = setTimeout(report, Math.max(ms, early)).unref();
  });
  function report(): void {
    reportedAt = clock.monotonic();
    const told = failures.take();
    if (told) options.onFailures?.(told);
  }
  const overrides = createOverrideBook();
  const table = createUpstreamTable(
    log,
    pricing,
    credentials,
    (id) => health.forget(id),
    overrides,
    () => clock.now(),
  );
  const secrets = createSecretScanner();
  const tokens = createTokenCounter();
  const policy = policyOf(options.config, options.budgets);
  const gate =
    options.gate?.(policy) ??
    createSoloGate(policy, clock.now(), options.onBudgetReached ?? (() => undefined));
  gate.fill(options.spent, clock.now());
  const core: GatewayCore = {
    config: options.config,
    table,
    redact: options.redact ?? ((text) => text),
    lessons: createLessonBook({ memory: options.memory, redact: options.redact, newId, log }),
    health,
    failures,
    overrides,
    secrets,
    gate,
    cards: createRateCards(options.keepCard ?? (() => undefined)),
    pricing,
    tokens,
    ledger,
    knownSecrets: options.secrets ?? (() => []),
    sessions: createSessionMemories(),
    recent: createRecentCounts(),
    live: new LiveTurns(),
    extras: options.extras ?? noExtras,
    clock,
    newId,
    random: options.random ?? Math.random,
    log,
    draining: false,
  };
  table.extend(core.extras.types);
  table.apply(options.config);
  const priced = (): boolean => table.list().some(({ prices }) => prices !== null && prices !== 'free');
  const facts: ProcessFacts = { version, startedAt: clock.now(), requestsTotal: 0 };
  const secret = options.secret ?? randomBytes(24).toString('base64url');
  const server = createGatewayServer({ core, door, facts, secret });
  const watch = createIdleWatch(core);
  const explorer = createExplorer({
    table,
    log,
    discover: () => core.config.discover_local,
    nowMs: () => clock.monotonic(),
    morePorts: () => portsOf(core.extras.types.values()),
    ...(options.modelMemory && { memory: options.modelMemory }),
  });

  let overrideTimer: NodeJS.Timeout | null = null;
  /** Plans are remembered: they are made anew when an override begins or is over. */
  function applyOverrides(): void {
    table.overridden();
    const end = overrides.nextEnd(clock.now());
    if (overrideTimer) clearTimeout(overrideTimer);
    if (end === null) return;
    const ms = Math.min(Math.max(1, end - clock.now() + 1), 2 ** 31 - 1);
    overrideTimer = setTimeout(applyOverrides, ms).unref();
  }
  async function reloadOverrides(): Promise<void> {
    if (!options.overrides) return;
    overrides.replaceAll(await options.overrides.list());
    applyOverrides();
  }

  return {
    secret,
    gate,
    async listen(host, port) {
      if (priced()) await core.pricing.load();
      await core.lessons.reload();
      await reloadOverrides();
      await new Promise<void>((resolve, reject) => {
        server.http.once('error', reject);
        server.http.listen({ host, port, backlog: 1024 }, () => {
          server.http.off('error', reject);
          resolve();
        });
      });
      watch.start();
      explorer.start();
      const address = server.http.address() as AddressInfo;
      return { host: address.address, port: address.port };
    },
    reconfigure(config, budgets) {
      core.config = config;
      gate.configure(policyOf(config, budgets), clock.now());
      table.apply(config);
      watch.start();
      if (priced()) void core.pricing.load();
      void explorer.look();
    },
    cutOff(isRevoked) {
      for (const turn of core.live.list()) if (isRevoked(turn.identity)) turn.revoke();
    },
    relearn: () => core.lessons.reload(),
    override: reloadOverrides,
    extend(extras) {
      core.extras = extras;
      table.extend(extras.types);
      void explorer.look();
    },
    snapshot: () => snapshot(core, facts),
    async stop(drainMs) {
      core.draining = true;
      if (overrideTimer) clearTimeout(overrideTimer);
      explorer.stop();
      const closed = new Promise<void>((resolve) => server.http.close(() => resolve()));
      server.http.closeIdleConnections();
      server.drain();
      await drained(core, drainMs);
      const cut = core.live.size;
      for (const turn of core.live.list()) turn.cut();
      server.close();
      server.http.closeAllConnections();
      await closed;
      watch.stop();
      if (reporting) clearTimeout(reporting);
      report();
      const unwritten = await ledger.close(LEDGER_CLOSE_MS);
      await gate.close();
      await tokens.close();
      await secrets.close();
      await table.close();
      return { cut, unwritten };
    },
  };
}

const policyOf = (config: GatewayConfig, budgets: BudgetRules): GatePolicy => ({
  requestsPerMinute: config.requests_per_minute,
  concurrentTurns: config.concurrent_turns,
  limits: config.limits,
  budgets,
});

/** Resolves when no turn is under way, or after `drainMs`. */
async function drained(core: GatewayCore, drainMs: number): Promise<void> {
  const deadline = core.clock.monotonic() + drainMs;
  while (core.live.size > 0 && core.clock.monotonic() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
