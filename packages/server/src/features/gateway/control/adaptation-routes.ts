import { z } from 'zod';
import { Adaptation } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { toResource, type AdaptationStore } from '../adaptations/adaptation-store.ts';
import { LESSON_MS } from '../core/adapt/adaptation-table.ts';

const params = z.object({ id: z.string().max(64) });
const common = { tag: 'gateway', tier: 'light' } as const;

/** What the gateway learned from refusals: to see, to keep, and to take back. */
export function adaptationRoutes(adaptations: AdaptationStore, now: () => number): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/ai/adaptations',
      operationId: 'listAdaptations',
      summary: 'What the gateway learned from providers’ refusals, newest first',
      scope: 'read',
      audit: 'none',
      success: z.object({ adaptations: z.array(Adaptation), count: z.number() }),
      faults: [],
      async handle() {
        const all = (await adaptations.list()).map((one) => toResource(one, now()));
        return { adaptations: all, count: all.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/ai/adaptations/:id/pin',
      operationId: 'pinAdaptation',
      summary: 'Keep a learned adaptation for good, or let it expire again',
      scope: 'config',
      audit: 'adaptation.pin',
      params,
      body: z.object({ pinned: z.boolean().default(true) }),
      success: Adaptation,
      faults: ['adaptation_not_found'],
      async handle({ params: { id }, body, identity }) {
        const changed = await adaptations.pin(
          id,
          body.pinned,
          now() + LESSON_MS,
          `device:${identity.deviceId}`,
        );
        return changed ? toResource(changed, now()) : unknown(id);
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/ai/adaptations/:id',
      operationId: 'removeAdaptation',
      summary: 'Forget a learned adaptation: the provider is asked as it was before',
      scope: 'config',
      audit: 'adaptation.remove',
      params,
      success: Adaptation,
      faults: ['adaptation_not_found'],
      async handle({ params: { id }, identity }) {
        const removed = await adaptations.remove(id, `device:${identity.deviceId}`);
        return removed ? { ...toResource(removed, now()), in_force: false } : unknown(id);
      },
    }),
  ];
}

const unknown = (id: string): never =>
  raise(fault('not-found', 'adaptation_not_found', `There is no adaptation ${id}.`));
