import { z } from 'zod';
import { ProviderOverride } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { OverrideStore } from '../overrides/override-store.ts';

/** What holds for providers for a while. Actions set it; anybody who may operate ends it. */
export function overrideRoutes(overrides: OverrideStore): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/overrides',
      operationId: 'listProviderOverrides',
      summary: 'Providers that are held back, led around or given more time, and until when',
      tag: 'gateway',
      tier: 'light',
      scope: 'read',
      audit: 'none',
      success: z.object({ overrides: z.array(ProviderOverride) }),
      faults: [],
      handle: async () => ({ overrides: await overrides.list() }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/v1/ai/overrides/:id',
      operationId: 'endProviderOverride',
      summary: 'End an override before its time',
      tag: 'gateway',
      tier: 'light',
      scope: 'operate',
      audit: 'provider.override_end',
      params: z.object({ id: z.string().max(64) }),
      success: ProviderOverride,
      faults: ['override_not_found'],
      handle: async ({ params, identity }) =>
        (await overrides.end(params.id, `device:${identity.deviceId}`, 'ended by a person')) ??
        raise(fault('not-found', 'override_not_found', `There is no override ${params.id}.`)),
    }),
  ];
}
