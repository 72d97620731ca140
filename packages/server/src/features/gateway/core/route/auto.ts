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

/**
 * What lets `auto` go to the cloud, for whoever asked for it in vain; empty where the cloud is among its candidates, is
 * off, or has no provider. A model it lists stands for how such a name looks.
 */
export function autoCure(providers: readonly RoutableProvider[], policy: RoutingPolicyConfig): string {
  const clouds = providers.filter(({ side }) => side === 'cloud');
  const [first] = clouds;
  if (!first || !policy.cloud) return '';
  const example = clouds.find(({ models }) => models.length > 0) ?? first;
  const model = example.models.find((name) => !NO_CHAT.test(name)) ?? 'its-model';
  if (policy.default_cloud === undefined && autoCandidates(clouds, policy).length > 0) return '';
  if (policy.default_cloud !== undefined && named(clouds, policy.default_cloud)?.length) return '';
  return ` A cloud model is not chosen by itself: name one as gateway.policy.default_cloud (\`${example.id}/${model}\`) or under \`models\` of the provider ${example.id}.`;
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
