import { queryOptions } from '@tanstack/react-query';
import type { Maintenance } from '@vigiles/contract';
import { api } from './api.ts';

/** Open and planned maintenance of the whole fleet. */
export const maintenanceQuery = queryOptions({
  queryKey: ['maintenance'],
  refetchInterval: 60_000,
  queryFn: async ({ signal }) =>
    (await api.get<{ maintenance: Maintenance[] }>('/api/v1/maintenance', {}, signal)).maintenance,
});

export const beginMaintenance = (service: string, minutes: number, reason: string) =>
  api.post<Maintenance>('/api/v1/maintenance', { services: [service], minutes, reason });

export const endMaintenance = (id: string) =>
  api.remove<Maintenance>(`/api/v1/maintenance/${encodeURIComponent(id)}`);

/** Whether a window is about a service: named, by a pattern, or because it is about all. */
export const concerns = ({ services }: Maintenance, name: string): boolean =>
  services.length === 0 ||
  services.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : wanted === name));
