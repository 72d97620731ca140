import type { Component } from '../../kernel/lifecycle.ts';
import type { Route } from '../../kernel/route.ts';
import { watchModelUse } from './model-steps.ts';
import type { OverviewDeps } from './overview.ts';
import { quotaRoutes } from './routes.ts';
import { createQuotaService, type QuotaDeps, type Quotas } from './service.ts';

export type { Quotas } from './service.ts';

/** Quotas of devices; `extend` adds what shows them, once there is what it asks. */
export function createQuotas(deps: QuotaDeps): {
  quotas: Quotas;
  component: Component;
  extend(sources: Pick<OverviewDeps, 'devices' | 'modelUse' | 'stored'>): {
    routes: readonly Route[];
    component: Component;
  };
} {
  const service = createQuotaService(deps);
  return {
    quotas: service.face,
    component: service.component,
    extend(sources) {
      const overview: OverviewDeps = { ...deps, ...sources, service };
      return {
        routes: quotaRoutes(overview),
        component: { name: 'steps of model quotas', ...watchModelUse(overview) },
      };
    },
  };
}
