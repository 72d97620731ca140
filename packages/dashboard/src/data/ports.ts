import { queryOptions } from '@tanstack/react-query';
import type {
  ActionRun,
  PinnedProcess,
  PortEnv,
  PortHealing,
  PortListener,
  PortService,
  PortsReport,
} from '@vigiles/contract';
import { api } from './api.ts';

const base = '/api/v1/ports';

/** Who listens where is in no event: it is looked at again while the screen is open. */
const look = { refetchInterval: 10_000, staleTime: 5_000 } as const;

export const portsQuery = queryOptions({
  queryKey: ['ports', 'report'],
  queryFn: ({ signal }) => api.get<PortsReport>(`${base}/report`, {}, signal),
  ...look,
});

export const listenersQuery = queryOptions({
  queryKey: ['ports', 'listeners'],
  queryFn: async ({ signal }) =>
    (await api.get<{ listeners: PortListener[] }>(`${base}/listeners`, {}, signal)).listeners,
  ...look,
});

export const portEnvQuery = queryOptions({
  queryKey: ['ports', 'env'],
  queryFn: ({ signal }) => api.get<PortEnv>(`${base}/env`, {}, signal),
});

export const reservePort = (wanted: {
  name: string;
  owner: string;
  from: number;
  ttl_s: number;
  folder: string | null;
}): Promise<PortService> => api.post(`${base}/reserve`, wanted);

export const registerPort = (wanted: {
  name: string;
  port: number;
  folder: string | null;
}): Promise<PortService> => api.post(`${base}/register`, wanted);

/** @param port null: the next one that is free */
export const reassignPort = (name: string, port: number | null): Promise<PortService> =>
  api.post(`${base}/reassign`, port === null ? { name } : { name, port });

export const releasePort = (name: string): Promise<unknown> => api.post(`${base}/unregister`, { name });

export const healPorts = (): Promise<PortHealing> => api.post(`${base}/heal`);

/** Ends these processes and no others, through the action runner. */
export const killOnPort = (
  port: number,
  processes: readonly PinnedProcess[],
  reason: string,
): Promise<ActionRun> => api.post(`${base}/ports/${port}/kill`, { processes, reason });
