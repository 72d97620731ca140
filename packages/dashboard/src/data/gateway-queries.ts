import { queryOptions } from '@tanstack/react-query';
import type {
  Adaptation,
  BudgetState,
  ModelInfo,
  ProviderTest,
  ProviderTypeInfo,
  RouteTrial,
  RouteTrialAsk,
  TurnExplanation,
  TurnLimitState,
  TurnRecord,
  UsageBucket,
  UsageRow,
} from '@vigiles/contract';
import { api } from './api.ts';

export type UsageMeasure = 'cost' | 'tokens' | 'turns';
export type UsageDimension = 'model' | 'provider' | 'device' | 'session' | 'workspace';

const turnPath = (id: string): string => `/api/v1/ai/turns/${encodeURIComponent(id)}`;

export const explainQuery = (id: string) =>
  queryOptions({
    queryKey: ['explain', id],
    queryFn: ({ signal }) => api.get<TurnExplanation>(`${turnPath(id)}/explain`, {}, signal),
  });

/** What was said. Reading it is written into the audit log, so it is asked for by hand only. */
export const readRecord = (id: string): Promise<TurnRecord> => api.get(`${turnPath(id)}/record`);

export interface UsageAnswer {
  rows: UsageRow[];
  series: UsageBucket[];
  since: number;
  until: number;
}

/** How many keys are told apart over time, and have a colour; the others are one, called `*`. */
export const USAGE_TOP = 5;
const USAGE_ROWS = 200;

/** Usage of the last `hours`, ending now, whole and by hour or day. */
export const usageQuery = (
  by: UsageDimension,
  hours: number,
  bucket: 'hour' | 'day',
  measure: UsageMeasure,
) =>
  queryOptions({
    queryKey: ['usage', by, hours, bucket, measure],
    async queryFn({ signal }): Promise<UsageAnswer> {
      const until = Date.now();
      const since = until - hours * 3_600_000;
      const query = { by, bucket, since, until, measure, top: USAGE_TOP, limit: USAGE_ROWS };
      const answer = await api.get<UsageAnswer>('/api/v1/ai/usage', query, signal);
      return { ...answer, since, until };
    },
    refetchInterval: 60_000,
  });

export interface MoneyAnswer {
  budgets: BudgetState[];
  /** Null: the gateway, which counts them, does not answer. */
  limits: TurnLimitState[] | null;
}

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => api.get<MoneyAnswer>('/api/v1/ai/budgets', {}, signal),
  refetchInterval: 30_000,
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }) =>
    (await api.get<{ models: ModelInfo[] }>('/api/v1/ai/models', {}, signal)).models,
});

export const providerTypesQuery = queryOptions({
  queryKey: ['provider-types'],
  queryFn: async ({ signal }) =>
    (await api.get<{ types: ProviderTypeInfo[] }>('/api/v1/ai/provider-types', {}, signal)).types,
  staleTime: Number.POSITIVE_INFINITY,
});

export const testProvider = (id: string, model: string | undefined): Promise<ProviderTest> =>
  api.post(`/api/v1/ai/providers/${encodeURIComponent(id)}/test`, model ? { model } : {});

export const tryRoute = (ask: Partial<RouteTrialAsk> & { model: string }): Promise<RouteTrial> =>
  api.post('/api/v1/ai/route-trial', ask);

export const adaptationsQuery = queryOptions({
  queryKey: ['adaptations'],
  queryFn: async ({ signal }) =>
    (await api.get<{ adaptations: Adaptation[] }>('/api/v1/ai/adaptations', {}, signal)).adaptations,
});

const adaptationPath = (id: string): string => `/api/v1/ai/adaptations/${encodeURIComponent(id)}`;

export const pinAdaptation = (id: string, pinned: boolean): Promise<Adaptation> =>
  api.post(`${adaptationPath(id)}/pin`, { pinned });

export const removeAdaptation = (id: string): Promise<Adaptation> => api.remove(adaptationPath(id));
