import type {
  CandidateWhenConfig,
  RouteConfig,
  RouteSide,
  RouteStrategy,
  RoutingPolicyConfig,
  TaskDefaultsConfig,
} from '@vigiles/contract';
import { autoCandidates, autoCure } from './auto.ts';

/** A provider as far as routing must know. */
export interface RoutableProvider {
  id: string;
  side: RouteSide;
  /** What it offers; `complete` when the provider itself said so, so that a missing name means "does not exist". */
  models: readonly string[];
  modelsComplete: boolean;
  /** What the configuration names, in its order. */
  named: readonly string[];
  /** Named in the configuration, not found or built in. */
  configured: boolean;
  failing: boolean;
}

export interface RouteInput {
  model: string;
  routes: readonly RouteConfig[];
  policy: RoutingPolicyConfig;
  defaultProvider: string | undefined;
  /** In order of preference. */
  providers: readonly RoutableProvider[];
}

/** One place a turn may go to. */
export interface Candidate {
  readonly provider: string;
  readonly model: string;
  readonly side: RouteSide;
  readonly weight: number;
  /** null: whenever. */
  readonly when: CandidateWhenConfig | null;
  /** The provider is not there; kept so that the decision can say so. */
  readonly missing: boolean;
}

export type RouteWhy = 'route' | 'prefix' | 'listed' | 'default' | 'auto';

/** What a model's name means: the same for every turn until the configuration or a provider changes, so it is cached. */
export interface RouteMap {
  readonly ok: true;
  readonly why: RouteWhy;
  /** The pattern of the route that matched. */
  readonly route: string | null;
  readonly strategy: RouteStrategy;
  /** Whether local candidates come first and the cloud must be earned. */
  readonly localFirst: boolean;
  readonly defaults: TaskDefaultsConfig | null;
  /** At least one. */
  readonly candidates: readonly Candidate[];
  /** A turn that says nothing of itself has nothing to decide: one candidate, and nothing forbids it. */
  readonly plain: boolean;
  /** The first candidate that is there: for what belongs to a model and is no turn. */
  readonly provider: string;
  readonly upstreamModel: string;
  /** What would give the name a place in the cloud where it has none; empty where it has one or could not. */
  readonly cure: string;
}

export type RoutePlan = RouteMap | { readonly ok: false; readonly message: string };

/**
 * Where a model may go: the candidates of the first configured route that matches, then `provider/model`, then every
 * provider that lists it, then `auto`, then the default provider, else a message that names what exists.
 */
export function planRoute(input: RouteInput): RoutePlan {
  const { model, routes, defaultProvider, providers, policy } = input;
  const find = (id: string) => providers.find((provider) => provider.id === id);
  const slash = model.indexOf('/');
  const prefixed = slash > 0 ? find(model.slice(0, slash)) : undefined;

  const route = routes.find((one) => matches(one.model, model));
  if (route) {
    const plan = fromRoute(route, input, prefixed?.id === undefined ? undefined : model.slice(slash + 1));
    if (plan.candidates.some(({ missing: gone }) => !gone)) return plan;
    const names = [...new Set(plan.candidates.map(({ provider }) => provider))].join(', ');
    return missing(model, `its route names the provider ${names}, which is not there`, providers);
  }
  if (prefixed) return single(input, 'prefix', prefixed, model.slice(slash + 1));

  const listing = providers.filter(({ models }) => models.includes(model));
  if (listing.length > 0) {
    return planOf(input, { why: 'listed', candidates: listing.map((one) => candidateOf(one, model)) });
  }
  if (model === 'auto') {
    const candidates = autoCandidates(providers, policy).map(([one, name]) => candidateOf(one, name));
    const cure = autoCure(providers, policy);
    if (candidates.length > 0) return planOf(input, { why: 'auto', candidates, cure });
  }
  if (defaultProvider !== undefined) {
    const provider = find(defaultProvider);
    if (!provider) return missing(model, `default_provider ${defaultProvider} is not there`, providers);
    return single(input, 'default', provider, model);
  }
  const fallback = pickDefault(providers);
  return fallback
    ? single(input, 'default', fallback, model)
    : missing(model, 'no provider offers it', providers, model === 'auto' ? autoCure(providers, policy) : '');
}

/** A turn that belongs to one place: the answer it goes on from is kept there. */
export const pinnedTo = (
  { id, side }: Pick<RoutableProvider, 'id' | 'side'>,
  model: string,
  policy: RoutingPolicyConfig,
): RouteMap => planOf({ policy }, { why: 'prefix', candidates: [candidateOf({ id, side }, model)] });

function fromRoute(route: RouteConfig, input: RouteInput, ownName: string | undefined): RouteMap {
  const { model, providers } = input;
  const prefix = model.slice(0, model.indexOf('/'));
  const listed =
    route.provider === undefined
      ? route.candidates
      : [{ provider: route.provider, model: route.upstream_model, weight: 1, when: null }];
  const candidates = listed.map((one): Candidate => {
    const provider = providers.find(({ id }) => id === one.provider);
    const named = one.model ?? (ownName !== undefined && prefix === one.provider ? ownName : model);
    return {
      provider: one.provider,
      model: named,
      side: provider?.side ?? 'cloud',
      weight: one.weight,
      when: one.when && asksSomething(one.when) ? one.when : null,
      missing: provider === undefined,
    };
  });
  const { strategy, defaults } = route;
  return planOf(input, {
    why: 'route',
    route: route.model,
    strategy,
    policy: route.policy,
    defaults: saysSomething(defaults) ? defaults : null,
    candidates,
  });
}

const single = (input: RouteInput, why: RouteWhy, provider: RoutableProvider, model: string): RouteMap =>
  planOf(input, { why, candidates: [candidateOf(provider, model)] });

const candidateOf = ({ id, side }: Pick<RoutableProvider, 'id' | 'side'>, model: string): Candidate => ({
  provider: id,
  model,
  side,
  weight: 1,
  when: null,
  missing: false,
});

function planOf(
  { policy }: Pick<RouteInput, 'policy'>,
  found: {
    why: RouteWhy;
    candidates: readonly Candidate[];
    route?: string;
    strategy?: RouteStrategy;
    policy?: boolean;
    defaults?: TaskDefaultsConfig | null;
    cure?: string;
  },
): RouteMap {
  const { why, candidates, route = null, strategy = 'ordered', defaults = null, cure = '' } = found;
  const localFirst = policy.prefer === 'local' && found.policy !== false;
  const [only] = candidates;
  const mayLeave = policy.cloud && policy.privacy !== 'private' && policy.secrets !== 'refuse';
  const plain =
    candidates.length === 1 &&
    only?.when === null &&
    defaults === null &&
    (only.side === 'local' || mayLeave);
  const first = candidates.find(({ missing: gone }) => !gone);
  const { provider = '', model: upstreamModel = '' } = first ?? {};
  return {
    ok: true,
    why,
    route,
    strategy,
    localFirst,
    defaults,
    candidates,
    plain,
    provider,
    upstreamModel,
    cure,
  };
}

const asksSomething = (when: CandidateWhenConfig): boolean =>
  Object.values(when).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined));

const saysSomething = (defaults: TaskDefaultsConfig): boolean =>
  Object.values(defaults).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined));

/** The first configured provider that works and might know the model; the built-in one when none is configured. */
function pickDefault(providers: readonly RoutableProvider[]): RoutableProvider | undefined {
  const configured = providers.filter((provider) => provider.configured);
  if (configured.length === 0) return providers.find((provider) => provider.id === 'demo');
  const open = configured.filter((provider) => !provider.modelsComplete);
  return open.find((provider) => !provider.failing) ?? open[0];
}

function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

function missing(model: string, why: string, providers: readonly RoutableProvider[], cure = ''): RoutePlan {
  const names = providers.flatMap((provider) => provider.models.map((name) => `${provider.id}/${name}`));
  const shown = names.slice(0, 20).join(', ');
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  const offer = names.length > 0 ? ` Known models: ${shown}${more}.` : ' No provider has listed a model yet.';
  return { ok: false, message: `The model \`${model}\` does not exist here: ${why}.${cure}${offer}` };
}
