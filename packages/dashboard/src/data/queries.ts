import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type {
  ActionInfo,
  ActionPlan,
  ActionRun,
  GatewaySnapshot,
  GuardState,
  Identity,
  Incident,
  Prediction,
  Service,
  Status,
  Turn,
  TurnDetail,
  VigilesEvent,
} from '@vigiles/contract';
import type { IncidentFilter, TurnFilter } from '../live/patch.ts';
import { beats } from '../live/beats.ts';
import { api } from './api.ts';

export interface IncidentPage {
  incidents: Incident[];
  /** Sent as `cursor` to read on. */
  next: string | null;
}
export interface TurnPage {
  turns: Turn[];
  /** Sent as `before` to read on. */
  next: string | null;
}
export interface GatewayAnswer {
  state: 'up' | 'unreachable';
  snapshot: GatewaySnapshot | null;
}

const PAGE = 100;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) =>
    api.get<Omit<Identity, 'deviceId'> & { device_id: string }>('/api/v1/me', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => api.get<Status>('/api/v1/status', {}, signal),
  refetchInterval: 30_000,
});

export const servicesQuery = queryOptions({
  queryKey: ['services'],
  // Beats and states arrive live; sums over them (p50, uptime, memory) are read again now and then.
  refetchInterval: 120_000,
  async queryFn({ signal }) {
    const { services } = await api.get<{ services: Service[] }>('/api/v1/services', {}, signal);
    beats.forget(services);
    return services;
  },
});

/** Failures that are foreseen, soonest first. */
export const predictionsQuery = queryOptions({
  queryKey: ['predictions'],
  queryFn: async ({ signal }) =>
    (await api.get<{ predictions: Prediction[] }>('/api/v1/predictions', {}, signal)).predictions.sort(
      (a, b) => a.at + a.time_left_ms - (b.at + b.time_left_ms),
    ),
  refetchInterval: 60_000,
});

/** Reads one service again and puts it into the list, also one that is new: after a change of state its actions and numbers are others. */
export async function refreshService(client: QueryClient, name: string): Promise<void> {
  const fresh = await api.get<Service>(`/api/v1/services/${encodeURIComponent(name)}`);
  client.setQueryData<Service[]>(servicesQuery.queryKey, (services) =>
    services?.some((service) => service.name === name)
      ? services.map((service) => (service.name === name ? fresh : service))
      : services && [...services, fresh],
  );
}

/** The end of a service's log as it is now. */
export const readServiceLog = async (name: string, signal: AbortSignal): Promise<string[]> =>
  (
    await api.get<{ lines: string[] }>(
      `/api/v1/services/${encodeURIComponent(name)}/logs`,
      { lines: 200 },
      signal,
    )
  ).lines;

export const incidentsQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<IncidentPage>('/api/v1/incidents', { ...filter, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => api.get<Incident>(`/api/v1/incidents/${encodeURIComponent(id)}`, {}, signal),
  });

export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: async ({ signal }) =>
    // What waits for somebody may be older than the last page: it is asked for by itself.
    unionOfRuns(
      await Promise.all(
        [{ state: 'open' }, {}].map((filter) =>
          api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs', { limit: PAGE, ...filter }, signal),
        ),
      ),
    ),
});

const unionOfRuns = (pages: readonly { runs: ActionRun[] }[]): ActionRun[] =>
  [...new Map(pages.flatMap(({ runs }) => runs).map((run) => [run.id, run])).values()].sort(
    (a, b) => b.created_at - a.created_at,
  );

/** Everything that can be asked for; it changes with versions only. */
export const actionsQuery = queryOptions({
  queryKey: ['actions'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) =>
    (await api.get<{ actions: ActionInfo[] }>('/api/v1/actions/catalog', {}, signal)).actions,
});

/** What the guards remember of a target. */
export const guardQuery = (target: string) =>
  queryOptions({
    queryKey: ['guards', target],
    queryFn: async ({ signal }) =>
      (await api.get<{ guards: GuardState[] }>('/api/v1/actions/guards', { target }, signal)).guards[0] ??
      null,
  });

/** Closes a breaker: the watchdog may act again at once. */
export const resetGuard = (target: string): Promise<GuardState> =>
  api.post<GuardState>('/api/v1/actions/guards/reset', { target });

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
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const turnQuery = (id: string) =>
  queryOptions({
    queryKey: ['turn', id],
    queryFn: ({ signal }) => api.get<TurnDetail>(`/api/v1/ai/turns/${encodeURIComponent(id)}`, {}, signal),
  });

/** One page of the event log after a cursor. */
export async function readEvents(afterSeq: number, limit: number): Promise<VigilesEvent[]> {
  return (await api.get<{ events: VigilesEvent[] }>('/api/v1/events', { after_seq: afterSeq, limit })).events;
}

/** A person who restarts something means it, also when it looks healthy. */
export const usualParams = (action: string): Record<string, unknown> =>
  action === 'restart_service' ? { force: true } : {};

/** What an action would do, and why it would be refused. Nothing is done. */
export const planAction = (
  action: string,
  target: string,
  params: Record<string, unknown>,
): Promise<ActionPlan> => api.post<ActionPlan>('/api/v1/actions/plan', { action, target, params });

export const runAction = (
  action: string,
  target: string,
  params: Record<string, unknown>,
  reason: string,
): Promise<ActionRun> => api.post<ActionRun>('/api/v1/actions/run', { action, target, params, reason });

export const answerRun = (id: string, answer: 'cancel' | 'approve' | 'undo'): Promise<ActionRun> =>
  api.post<ActionRun>(`/api/v1/actions/runs/${encodeURIComponent(id)}/${answer}`);

export const acknowledgeIncident = (id: string): Promise<Incident> =>
  api.post<Incident>(`/api/v1/incidents/${encodeURIComponent(id)}/acknowledge`);

export const signIn = (code: string): Promise<unknown> => api.post('/auth/sign-in', { code });
export const signOut = (): Promise<unknown> => api.post('/auth/sign-out');
