import type { RouteConfig } from '@vigiles/contract';

/** A provider as far as routing must know. */
export interface RoutableProvider {
  id: string;
  /** What it offers; `complete` when the provider itself said so, so that a missing name means "does not exist". */
  models: readonly string[];
  modelsComplete: boolean;
  /** Named in the configuration, not found or built in. */
  configured: boolean;
  failing: boolean;
}

export interface RouteInput {
  model: string;
  routes: readonly RouteConfig[];
  defaultProvider: string | undefined;
  /** In order of preference. */
  providers: readonly RoutableProvider[];
}

export type RoutePlan =
  | { ok: true; provider: string; upstreamModel: string; why: 'route' | 'prefix' | 'listed' | 'default' }
  | { ok: false; message: string };

/**
 * Where a model goes: the first configured route that matches, then `provider/model`, then a provider that lists
 * it, then the default provider, else a message that names what exists.
 */
export function planRoute({ model, routes, defaultProvider, providers }: RouteInput): RoutePlan {
  const find = (id: string) => providers.find((provider) => provider.id === id);
  const slash = model.indexOf('/');
  const prefixed = slash > 0 ? find(model.slice(0, slash)) : undefined;

  for (const route of routes) {
    if (!matches(route.model, model)) continue;
    const provider = route.provider ?? route.candidates[0]?.provider ?? '';
    if (!find(provider)) {
      return missing(model, `its route names the provider ${provider}, which is not there`, providers);
    }
    const own = prefixed?.id === provider ? model.slice(slash + 1) : model;
    return { ok: true, provider, upstreamModel: route.upstream_model ?? own, why: 'route' };
  }
  if (prefixed) {
    return { ok: true, provider: prefixed.id, upstreamModel: model.slice(slash + 1), why: 'prefix' };
  }
  const listed = providers.find((provider) => provider.models.includes(model));
  if (listed) return { ok: true, provider: listed.id, upstreamModel: model, why: 'listed' };
  if (defaultProvider !== undefined) {
    const provider = find(defaultProvider);
    if (!provider) return missing(model, `default_provider ${defaultProvider} is not there`, providers);
    return { ok: true, provider: provider.id, upstreamModel: model, why: 'default' };
  }
  const fallback = pickDefault(providers);
  if (!fallback) return missing(model, 'no provider offers it', providers);
  return { ok: true, provider: fallback.id, upstreamModel: model, why: 'default' };
}

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

function missing(model: string, why: string, providers: readonly RoutableProvider[]): RoutePlan {
  const names = providers.flatMap((provider) => provider.models.map((name) => `${provider.id}/${name}`));
  const shown = names.slice(0, 20).join(', ');
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  const offer = names.length > 0 ? ` Known models: ${shown}${more}.` : ' No provider has listed a model yet.';
  return { ok: false, message: `The model \`${model}\` does not exist here: ${why}.${offer}` };
}
