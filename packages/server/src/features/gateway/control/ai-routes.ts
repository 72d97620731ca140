import { z } from 'zod';
import { ModelInfo, type GatewaySnapshot } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { askModel, Completion, type Ask } from './complete.ts';
import type { GatewayRoutesDeps } from './routes.ts';

const Complete = z.object({
  prompt: z.string().min(1).max(1_000_000),
  model: z.string().min(1).max(256).optional(),
  system: z.string().max(200_000).optional(),
  max_tokens: z.int().min(1).max(200_000).default(1024),
  temperature: z.number().min(0).max(2).optional(),
  conversation_id: z.string().max(200).optional(),
  mode: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'What it is for, as routes know it: code, test, docs, design, ops.' }),
  workspace: z.string().min(1).max(64).optional(),
  privacy: z.string().max(64).optional(),
  tags: z.array(z.string().min(1).max(64)).max(20).optional(),
  actor: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Taken for older clients; the device is who asks.' }),
});

const Models = z.object({ models: z.array(ModelInfo), count: z.number() });

/** The AI paths that older clients know: state, models, and one answer to one prompt. */
export function aiRoutes(deps: GatewayRoutesDeps): Route[] {
  const { client, turns, now } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/status',
      operationId: 'readAiStatus',
      summary: 'Whether models can be asked, and what was spent',
      tag: 'gateway',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({
        available: z.boolean(),
        providers: z.array(
          z.object({ id: z.string(), state: z.string(), local: z.boolean(), models: z.number() }),
        ),
        spent_today_micros: z.number(),
        spent_month_micros: z.number(),
        unpriced_today: z.number(),
      }),
      faults: [],
      async handle() {
        const [snapshot, spent] = await Promise.all([
          client.snapshot(),
          turns.spending(now(), deps.configuration.current().budgets.time_zone),
        ]);
        return {
          available: snapshot !== null,
          providers: (snapshot?.providers ?? []).map(({ id, state, local, models }) => ({
            id,
            state,
            local,
            models: models.length,
          })),
          spent_today_micros: spent.todayMicros,
          spent_month_micros: spent.monthMicros,
          unpriced_today: spent.unpricedToday,
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/models',
      operationId: 'listAiModels',
      summary: 'Every model the gateway can reach, with its context window, price and abilities',
      tag: 'gateway',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: Models,
      faults: ['gateway_unreachable'],
      async handle() {
        const models = (await client.models()) ?? unreachable();
        return { models, count: models.length };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/ai/complete',
      operationId: 'completePrompt',
      summary: 'One answer to one prompt, through our own gateway',
      tag: 'gateway',
      scope: 'gateway',
      audit: 'none',
      tier: 'expensive',
      body: Complete,
      success: Completion,
      faults: ['gateway_unreachable'],
      async handle({ body, identity, signal }) {
        const snapshot = await mustAnswer(deps);
        const model =
          body.model ?? deps.configuration.current().gateway.default_model ?? firstModel(snapshot);
        const ask: Ask = { ...body, model, deviceId: identity.deviceId };
        const completion = await askModel(deps, ask, snapshot, signal);
        return completion ?? unreachable();
      },
    }),
  ];
}

/** The first model of the first provider that works; the demo is always there. */
function firstModel(snapshot: GatewaySnapshot): string {
  const provider = snapshot.providers.find(({ state, models }) => state === 'ok' && models.length > 0);
  return provider ? `${provider.id}/${provider.models[0] ?? ''}` : 'demo/scripted';
}

const unreachable = (): never =>
  raise(fault('unavailable', 'gateway_unreachable', 'The gateway does not answer.'));

const mustAnswer = async ({ client }: GatewayRoutesDeps): Promise<GatewaySnapshot> =>
  (await client.snapshot()) ?? unreachable();
