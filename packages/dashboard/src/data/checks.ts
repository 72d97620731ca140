import { queryOptions } from '@tanstack/react-query';
import type { CheckSeen, Service } from '@vigiles/contract';
import { api } from './api.ts';

/** JSON Schema of vigiles.yaml: forms are drawn from it. */
export const configSchemaQuery = queryOptions({
  queryKey: ['config', 'schema'],
  queryFn: ({ signal }) => api.get<Record<string, unknown>>('/api/v1/config/schema', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Looks once with a check that is not saved. */
export const tryCheck = (check: unknown, service: string | null): Promise<CheckSeen> =>
  api.post('/api/v1/checks/test', { check, ...(service === null ? {} : { service }) });

/** Push addresses of a service’s heartbeats: secrets, so they are asked for only where they are shown. */
export const heartbeatsQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', service, 'heartbeats'],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ heartbeats: { check: string; path: string }[] }>(
          `/api/v1/services/${encodeURIComponent(service)}/heartbeats`,
          {},
          signal,
        )
      ).heartbeats,
    retry: false,
  });

/** What the checks of a service saw last; read again while somebody looks. */
export const checksQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', service, 'checks'],
    queryFn: async ({ signal }) =>
      (await api.get<Service>(`/api/v1/services/${encodeURIComponent(service)}`, {}, signal)).checks,
    refetchInterval: 5000,
  });
