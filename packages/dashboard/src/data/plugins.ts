import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type {
  InstalledPlugin,
  PluginDetail,
  PluginList,
  PluginOutcome,
  PluginPlan,
  PluginProcess,
  PluginRegistryStatus,
} from '@vigiles/contract';
import { api } from './api.ts';

const base = '/api/v1/plugin';
const at = (id: string, rest = ''): string => `${base}/${encodeURIComponent(id)}${rest}`;

export interface PluginFilter {
  search?: string | undefined;
  installed?: 'true' | undefined;
}

export const pluginsQuery = (filter: PluginFilter) =>
  infiniteQueryOptions({
    queryKey: ['plugins', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<PluginList>(`${base}/list`, { ...filter, after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const installedPluginsQuery = queryOptions({
  queryKey: ['plugins', 'installed'],
  queryFn: async ({ signal }) =>
    (await api.get<{ plugins: InstalledPlugin[] }>(`${base}/installed`, {}, signal)).plugins,
});

export const registriesQuery = queryOptions({
  queryKey: ['plugins', 'registries'],
  queryFn: async ({ signal }) =>
    (await api.get<{ registries: PluginRegistryStatus[] }>(`${base}/registries`, {}, signal)).registries,
});

export const pluginQuery = (id: string) =>
  queryOptions({
    queryKey: ['plugins', 'one', id],
    queryFn: ({ signal }) => api.get<PluginDetail>(at(id), {}, signal),
  });

/** What an installation or an update would do. `newer`: as an update. */
export const pluginPlanQuery = (id: string, newer: boolean, version?: string) =>
  queryOptions({
    queryKey: ['plugin-plan', id, newer, version],
    queryFn: ({ signal }) => api.get<PluginPlan>(at(id, '/plan'), { newer: String(newer), version }, signal),
    // True only of what can be had now.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const processesQuery = queryOptions({
  queryKey: ['plugin-processes'],
  queryFn: async ({ signal }) =>
    (await api.get<{ processes: PluginProcess[] }>('/api/v1/plugin-processes', {}, signal)).processes,
});

export const pluginOutputQuery = (id: string) =>
  queryOptions({
    queryKey: ['plugin-processes', id, 'output'],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ lines: string[] }>(
          `/api/v1/plugin-processes/${encodeURIComponent(id)}/output`,
          {},
          signal,
        )
      ).lines,
    retry: false,
  });

/** @param consent of the plan whose permissions were agreed to */
export const installPlugin = (
  id: string,
  newer: boolean,
  consent: string,
  version?: string,
): Promise<PluginOutcome> =>
  api.post(at(id, newer ? '/update' : '/install'), { consent, ...(version ? { version } : {}) });

export type PluginVerb = 'enable' | 'disable' | 'rollback' | 'uninstall';
/** @param purge of `uninstall`: what it kept for itself goes, too */
export const actOnPlugin = (id: string, verb: PluginVerb, purge = false): Promise<PluginOutcome> =>
  api.post(at(id, `/${verb}`), purge ? { purge } : undefined);

export const restartPlugin = (id: string): Promise<PluginProcess> =>
  api.post(`/api/v1/plugin-processes/${encodeURIComponent(id)}/restart`);

/** A process changed its state: only its row is written anew. */
export function applyProcess(client: QueryClient, process: PluginProcess): void {
  client.setQueryData<PluginProcess[]>(
    processesQuery.queryKey,
    (all) =>
      all &&
      [...all.filter(({ id }) => id !== process.id), process].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
  void client.invalidateQueries({ queryKey: ['plugin-processes', process.id] });
}
