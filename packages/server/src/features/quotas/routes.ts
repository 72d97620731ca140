import { QuotasAnswer } from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { readOverview, type OverviewDeps } from './overview.ts';

/** What each device used, and what it may. */
export const quotaRoutes = (deps: OverviewDeps): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api/v1/quotas',
    operationId: 'listQuotas',
    summary: 'What each device used of its quotas, and what is left',
    tag: 'devices',
    scope: 'read',
    audit: 'none',
    tier: 'standard',
    query: z.object({ device: z.string().max(64).optional() }),
    success: QuotasAnswer,
    faults: [],
    async handle({ query }) {
      const all = await readOverview(deps);
      const devices = all.filter(
        ({ device_id: id, name }) => query.device === undefined || [id, name].includes(query.device),
      );
      return { devices, count: devices.length };
    },
  }),
];
