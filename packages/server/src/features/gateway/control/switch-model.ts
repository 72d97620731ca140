import { z } from 'zod';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { GatewayRoutesDeps } from './routes.ts';

/** Which model answers where none is named. */
export function switchRoutes({ configuration, client }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/v1/models/switch',
      operationId: 'switchModel',
      summary: 'The model that answers prompts which name none; written to vigiles.yaml',
      tag: 'gateway',
      scope: 'config',
      audit: 'config.change',
      tier: 'standard',
      body: z.strictObject({ model: z.string().min(1).max(256) }),
      success: z.object({
        success: z.literal(true),
        model: z.string(),
        provider: z.string(),
        previous: z.string().nullable(),
      }),
      faults: ['model_unknown', 'gateway_unreachable', 'config_conflict', 'config_invalid'],
      async handle({ body, identity }) {
        const snapshot = await client.snapshot();
        if (!snapshot) raise(fault('unavailable', 'gateway_unreachable', 'The gateway does not answer.'));
        // One that lists its models has no others; of one that lists none nobody knows.
        const has = ({ id, models }: { id: string; models: readonly string[] }): boolean =>
          models.includes(body.model) ||
          (body.model.startsWith(`${id}/`) &&
            (models.length === 0 || models.includes(body.model.slice(id.length + 1))));
        const provider = snapshot.providers.find(has);
        if (!provider) {
          const known = snapshot.providers.flatMap(({ id, models }) =>
            models.map((model) => `${id}/${model}`),
          );
          raise(
            fault('not-found', 'model_unknown', `No provider has the model ${body.model}.`, {
              details: { known: known.slice(0, 50) },
            }),
          );
        }
        const model = body.model.startsWith(`${provider.id}/`) ? body.model : `${provider.id}/${body.model}`;
        const previous = configuration.current().gateway.default_model ?? null;
        const changed = await configuration.change(
          [{ path: ['gateway', 'default_model'], value: model }],
          `device:${identity.deviceId}`,
        );
        if (!changed.ok) raise(changed.fault);
        return { success: true as const, model, provider: provider.id, previous };
      },
    }),
  ];
}
