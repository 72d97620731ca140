import { z } from 'zod';
import { ProviderTest, ProviderTypeInfo } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { ProviderType } from '../providers/define-provider.ts';
import { providers } from '../providers/registry.gen.ts';
import type { OwnTurn } from './gateway-client.ts';
import type { GatewayRoutesDeps } from './routes.ts';

const types: Record<string, ProviderType> = providers;

/** What a type asks for that others do not, by its own `place` and signing. */
const NEEDS: Record<string, string[]> = {
  bedrock: ['region', 'aws'],
  vertex: ['region', 'project', 'google'],
  'azure-openai': ['base_url'],
  'openai-compatible': ['base_url'],
};

/** Kinds of providers, and one short question to one of them. */
export function providerRoutes({ client, pluginTypes }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/provider-types',
      operationId: 'listProviderTypes',
      summary: 'Kinds of providers that can be configured',
      tag: 'gateway',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({ types: z.array(ProviderTypeInfo), count: z.number() }),
      faults: [],
      async handle() {
        const all: ProviderTypeInfo[] = Object.values(types).map(
          ({ type, name, baseUrl, auth, protocols }) => ({
            type,
            name,
            base_url: baseUrl ?? null,
            auth,
            protocols: protocols.map(({ protocol }) => protocol),
            needs: NEEDS[type] ?? [],
          }),
        );
        all.push(...pluginTypes());
        return { types: all, count: all.length };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/ai/providers/:id/test',
      operationId: 'testProvider',
      summary: 'Ask a provider one short question; an ordinary turn that limits and budgets hold for',
      tag: 'gateway',
      scope: 'config',
      audit: 'provider.test',
      tier: 'expensive',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({ model: z.string().min(1).max(200).optional() }),
      success: ProviderTest,
      faults: ['gateway_unreachable', 'provider_not_found', 'provider_without_models'],
      async handle({ params: { id }, body, identity, signal }): Promise<ProviderTest> {
        const snapshot = (await client.snapshot()) ?? unreachable();
        const found = snapshot.providers.find((one) => one.id === id);
        if (!found) {
          const message = `The gateway has no provider ${id}: it is switched off, or lacks something.`;
          return raise(fault('not-found', 'provider_not_found', message));
        }
        const model = body.model ?? found.models[0];
        if (model === undefined) {
          const why = found.last_error ?? 'it has listed none yet';
          const message = `${id} offers no model to ask (${why}). Name one.`;
          return raise(fault('conflict', 'provider_without_models', message));
        }
        const startedAt = performance.now();
        const sent = await client.complete(identity.deviceId, question(`${id}/${model}`), signal);
        if (!sent) return unreachable();
        const latency_ms = Math.round(performance.now() - startedAt);
        return { model, latency_ms, status: sent.status, turn_id: sent.turnId, ...verdictOf(sent, id) };
      },
    }),
  ];
}

const question = (model: string) => ({
  model,
  messages: [{ role: 'user', content: 'Answer with the single word: ready' }],
  // Room for a model that thinks before it says a word.
  max_tokens: 256,
});

const Answer = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullish() }) }))
    .optional()
    .catch(undefined),
  error: z.object({ message: z.string() }).optional().catch(undefined),
});

function verdictOf({ status, body, provider }: OwnTurn, id: string): { worked: boolean; message: string } {
  const answer = Answer.safeParse(body).data;
  if (status !== 200) {
    return { worked: false, message: answer?.error?.message ?? `It answered ${status}.` };
  }
  if (provider !== null && provider !== id) {
    return { worked: false, message: `A route sent it to ${provider} instead, which answered.` };
  }
  const text = answer?.choices?.[0]?.message.content?.trim() ?? '';
  return { worked: true, message: text === '' ? 'It answered without text.' : text.slice(0, 200) };
}

const unreachable = (): never =>
  raise(fault('unavailable', 'gateway_unreachable', 'The gateway does not answer.'));
