import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  ActionPlan,
  ActionRun,
  GatewaySnapshot,
  Identity,
  Incident,
  Service,
  Status,
  Turn,
  UsageRow,
  VigilesEvent,
} from '@vigiles/contract';
import type { IncidentFilter, TurnFilter } from '../live/patch.ts';
import { api } from './api.ts';

export interface IncidentPage {
  incidents: Incident[];
  next_before: string | number | null;
}
export interface TurnPage {
  turns: Turn[];
  next_before: string | number | null;
}
export interface GatewayAnswer {
  state: string;
  snapshot: GatewaySnapshot | null;
}
export type UsageDimension = 'model' | 'provider' | 'device' | 'session' | 'hour';

const PAGE = 100;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Identity & { id?: string }>('/api/v1/me', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => api.get<Status>('/api/v1/status', {}, signal),
  refetchInterval: 30_000,
});

export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: async ({ signal }) =>
    (await api.get<{ services: Service[] }>('/api/v1/services', {}, signal)).services,
});

/** The end of a service's log; asked again while somebody looks, since lines are not events. */
export const logsQuery = (name: string) =>
  queryOptions({
    queryKey: ['logs', name],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ lines: string[] }>(
          `/api/v1/services/${encodeURIComponent(name)}/logs`,
          { lines: 200 },
          signal,
        )
      ).lines,
    refetchInterval: 2_000,
    staleTime: 0,
  });

export const incidentsQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<IncidentPage>('/api/v1/incidents', { ...filter, before: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | number | null,
    getNextPageParam: (page) => page.next_before,
  });

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => api.get<Incident>(`/api/v1/incidents/${encodeURIComponent(id)}`, {}, signal),
  });

export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: async ({ signal }) =>
    (await api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs', { limit: PAGE }, signal)).runs,
});

export const gatewayQuery = queryOptions({
  queryKey: ['gateway'],
  queryFn: ({ signal }) => api.get<GatewayAnswer>('/api/v1/gateway', {}, signal),
  refetchInterval: 15_000,
});

export const turnsQuery = (filter: TurnFilter) =>
  infiniteQueryOptions({
    queryKey: ['turns', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<TurnPage>('/api/v1/ai/turns', { ...filter, before: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | number | null,
    getNextPageParam: (page) => page.next_before,
  });

export const turnQuery = (id: string) =>
  queryOptions({
    queryKey: ['turn', id],
    queryFn: ({ signal }) => api.get<Turn>(`/api/v1/ai/turns/${encodeURIComponent(id)}`, {}, signal),
  });

/** Usage of the last `hours`, ending now. */
export const usageQuery = (by: UsageDimension, hours: number) =>
  queryOptions({
    queryKey: ['usage', by, hours],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ rows: UsageRow[] }>(
          '/api/v1/ai/usage',
          { by, since: Date.now() - hours * 3_600_000, until: Date.now() },
          signal,
        )
      ).rows,
    refetchInterval: 60_000,
  });

/** One page of the event log after a cursor. */
export async function readEvents(afterSeq: number, limit: number): Promise<VigilesEvent[]> {
  return (await api.get<{ events: VigilesEvent[] }>('/api/v1/events', { after_seq: afterSeq, limit })).events;
}

/** What an action would do, and why it would be refused. Nothing is done. */
export const planAction = (action: string, target: string): Promise<ActionPlan> =>
  api.post<ActionPlan>('/api/v1/actions/plan', { action, target, params: {} });

export const runAction = (action: string, target: string, reason: string): Promise<ActionRun> =>
  api.post<ActionRun>('/api/v1/actions/run', { action, target, params: {}, reason });

export const answerRun = (id: string, answer: 'cancel' | 'approve'): Promise<ActionRun> =>
  api.post<ActionRun>(`/api/v1/actions/runs/${encodeURIComponent(id)}/${answer}`);

export const acknowledgeIncident = (id: string): Promise<Incident> =>
  api.post<Incident>(`/api/v1/incidents/${encodeURIComponent(id)}/acknowledge`);

export const signIn = (code: string): Promise<unknown> => api.post('/auth/sign-in', { code });
export const signOut = (): Promise<unknown> => api.post('/auth/sign-out');
