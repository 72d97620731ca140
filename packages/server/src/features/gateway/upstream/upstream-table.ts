import { RoutingPolicyConfig, type GatewayConfig, type ProviderConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { ListedModel } from '../core/model-list/read-model-list.ts';
import { createOverrideBook, withOverrides, type OverrideBook } from '../core/overrides.ts';
import { planRoute, type RoutePlan } from '../core/route/plan-route.ts';
import type { ProviderType } from '../providers/define-provider.ts';
import { providers } from '../providers/registry.gen.ts';
import { noTables, type FactTables } from './model-metadata/fact-book.ts';
import { createCredentials, type Credentials } from './credentials/credentials.ts';
import { openUpstream, type Upstream } from './upstream.ts';

/** The providers in force, and where each model goes. */
export interface UpstreamTable {
  /** Puts a configuration in force; its references to secrets are resolved already. Connections of unchanged providers stay open; turns under way finish on the old ones. */
  apply(config: GatewayConfig): void;
  get(id: string): Upstream | undefined;
  list(): readonly Upstream[];
  /** Adds a local server that was found, or takes it away (`null`). */
  discovered(id: string, config: ProviderConfig | null): Upstream | undefined;
  /** Records which models a provider said it has, and what it said of them. */
  setModels(id: string, models: readonly ListedModel[]): void;
  setState(upstream: Upstream, state: 'ok' | 'failing', error: string | null): void;
  /** Sorts of providers besides the built-in ones, all of them as they are now. */
  extend(types: ReadonlyMap<string, ProviderType>): void;
  /** Overrides have changed: plans and connections that they concern are made anew. */
  overridden(): void;
  plan(model: string): RoutePlan;
  /** The same with other routes than those in force. */
  planWith(model: string, routes: GatewayConfig['routes']): RoutePlan;
  close(): Promise<void>;
}

/** Clients choose model names: the cache must not grow with their imagination. */
const MAX_PLANS = 500;

/** A replaced refresh token makes no other provider: whether it is the one in use, its credential knows. */
const recipeOf = ({ oauth, ...config }: ProviderConfig, configured: boolean, timeoutS: number): string =>
  JSON.stringify([config, { ...oauth, refresh_token: null }, configured, timeoutS]);

const builtIn: Record<string, ProviderType> = providers;
const bare = (id: string, type: string): ProviderConfig => ({
  id,
  type,
  headers: {},
  models: [],
  model_facts: {},
  quirks: {},
  enabled: true,
});
const demoConfig: ProviderConfig = { ...bare('demo', 'demo'), models: ['scripted'] };

/**
 * @param tables what the price tables say of models
 * @param overrides what holds for providers for a while
 * @param replaced told of each provider that is not what it was: what was known of it no longer holds
 */
export function createUpstreamTable(
  log: Log,
  tables: FactTables = noTables,
  credentials: Credentials = createCredentials({ clock: systemClock, log, refreshTokens: undefined }),
  replaced: (id: string) => void = () => undefined,
  overrides: OverrideBook = createOverrideBook(),
  now: () => number = () => systemClock.now(),
): UpstreamTable {
  let config: GatewayConfig | undefined;
  /** By id, in order of preference: configured, found, built in. */
  let table = new Map<string, Upstream>();
  /** What each entry was made from: unchanged means kept. */
  let made = new Map<string, string>();
  const found = new Map<string, ProviderConfig>();
  const plans = new Map<string, RoutePlan>();
  const closing = new Set<Promise<void>>();
  let extra: ReadonlyMap<string, ProviderType> = new Map();
  const typeOf = (type: string): ProviderType | undefined => builtIn[type] ?? extra.get(type);

  const connectTimeoutS = (id: string): number =>
    overrides.connectTimeoutS(id, config?.connect_timeout_s ?? 10, now());

  function rebuild(): void {
    if (!config) return;
    const wanted = new Map<string, { config: ProviderConfig; configured: boolean }>();
    for (const one of config.providers)
      if (one.enabled) wanted.set(one.id, { config: one, configured: true });
    for (const one of found.values())
      if (!wanted.has(one.id)) wanted.set(one.id, { config: one, configured: false });
    if (!wanted.has('demo')) wanted.set('demo', { config: demoConfig, configured: false });

    const next = new Map<string, Upstream>();
    const nextMade = new Map<string, string>();
    for (const [id, want] of wanted) {
      const recipe =
        recipeOf(want.config, want.configured, connectTimeoutS(id)) +
        // What a plugin says of its providers may change with its version.
        (extra.has(want.config.type) ? JSON.stringify(extra.get(want.config.type)) : '');
      const old = table.get(id);
      const same = old && made.get(id) === recipe && hasItsCredential(old, want.config);
      const upstream = same ? old : open(want.config, want.configured);
      if (!upstream) continue;
      next.set(id, upstream);
      nextMade.set(id, recipe);
    }
    for (const [id, upstream] of table) {
      if (next.get(id) === upstream) continue;
      retire(upstream);
      replaced(id);
    }
    table = next;
    made = nextMade;
    plans.clear();
  }

  const hasItsCredential = (upstream: Upstream, one: ProviderConfig): boolean =>
    upstream.credential === null || credentials.open(one, upstream.type) === upstream.credential;

  function open(one: ProviderConfig, configured: boolean): Upstream | undefined {
    const type = typeOf(one.type);
    if (!type) {
      const known = [...Object.keys(builtIn), ...extra.keys()];
      log.warn({ provider: one.id, type: one.type, known }, 'unknown provider type');
      return undefined;
    }
    const connectTimeoutMs = connectTimeoutS(one.id) * 1000;
    const upstream = openUpstream(one, type, { configured, connectTimeoutMs, tables, credentials });
    if (typeof upstream !== 'string') return upstream;
    log.warn({ provider: one.id }, upstream);
    return undefined;
  }

  function retire(upstream: Upstream): void {
    if (!upstream.pool) return;
    // Turns under way finish first.
    const done = upstream.pool.close().finally(() => {
      closing.delete(done);
    });
    closing.add(done);
  }

  const planWith: UpstreamTable['planWith'] = (model, routes) =>
    planRoute({
      model,
      routes,
      policy: config?.policy ?? RoutingPolicyConfig.parse({}),
      defaultProvider: config?.default_provider,
      providers: [...table.values()].map((upstream) => ({
        id: upstream.id,
        side: upstream.side,
        named: upstream.named,
        models: upstream.models,
        modelsComplete: upstream.modelsComplete,
        configured: upstream.configured,
        failing: upstream.state === 'failing',
      })),
    });

  return {
    apply(next) {
      config = next;
      if (!next.discover_local) found.clear();
      rebuild();
    },
    overridden: rebuild,
    extend(types) {
      extra = types;
      rebuild();
    },
    get: (id) => table.get(id),
    list: () => [...table.values()],
    discovered(id, one) {
      if (one) found.set(id, one);
      else found.delete(id);
      rebuild();
      return table.get(id);
    },
    setModels(id, models) {
      const upstream = table.get(id);
      if (!upstream) return;
      upstream.models = [...new Set([...upstream.named, ...models.map(({ id: name }) => name)])];
      upstream.listed = models;
      upstream.setListedFacts(new Map(models.map(({ id: name, facts }) => [name, facts])));
      upstream.modelsComplete = models.length > 0;
      plans.clear();
    },
    setState(upstream, state, error) {
      // Only a change of state can change a plan.
      if (upstream.state !== state) plans.clear();
      upstream.state = state;
      upstream.lastError = error;
    },
    plan(model) {
      const known = plans.get(model);
      if (known) return known;
      const made = planWith(model, config?.routes ?? []);
      const plan = made.ok ? withOverrides(made, overrides, (id) => table.get(id), now()) : made;
      if (plans.size >= MAX_PLANS) plans.clear();
      plans.set(model, plan);
      return plan;
    },
    planWith,
    async close() {
      for (const upstream of table.values()) retire(upstream);
      table = new Map();
      await Promise.all(closing);
    },
  };
}
