import type { RoutingPolicyConfig } from '@vigiles/contract';
import type { RoutableProvider } from './plan-route.ts';

/** Names of models that turn text into numbers, sounds or pictures instead of answering. */
const NO_CHAT = /embed|rerank|whisper|tts|bge-|e5-|dall-e|imagen|moderation/i;

/**
 * What the model name `auto` stands for: what the policy names, else the first model of each local provider and the
 * first that the configuration names of each cloud provider. A cloud provider's own list is not chosen from: its first
 * entry may be anything, at any price.
 */
export function autoCandidates(
  providers: readonly RoutableProvider[],
  policy: RoutingPolicyConfig,
): [RoutableProvider, string][] {
  return [
    ...(named(providers, policy.default_local) ?? firstOf(providers, 'local')),
    ...(named(providers, policy.default_cloud) ?? firstOf(providers, 'cloud')),
  ];
}

function named(
  providers: readonly RoutableProvider[],
  wanted: string | undefined,
): [RoutableProvider, string][] | undefined {
  if (wanted === undefined) return undefined;
  const slash = wanted.indexOf('/');
  const provider = providers.find(({ id }) => id === wanted.slice(0, slash));
  return provider ? [[provider, wanted.slice(slash + 1)]] : [];
}

function firstOf(
  providers: readonly RoutableProvider[],
  side: RoutableProvider['side'],
): [RoutableProvider, string][] {
  return providers.flatMap((provider): [RoutableProvider, string][] => {
    if (provider.side !== side || provider.id === 'demo') return [];
    const offered = side === 'local' ? provider.models : provider.named;
    const model = offered.find((name) => !NO_CHAT.test(name));
    return model === undefined ? [] : [[provider, model]];
  });
}
