import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { VigilesConfig } from '@vigiles/contract';
import { api, ApiError } from './api.ts';

/** The configuration in force. Secrets are references; a literal one is blotted out and never sent back. */
export interface ConfigAnswer {
  path: string;
  revision: string;
  config: VigilesConfig;
  problems: ConfigProblem[];
  overrides: { path: string; source: string }[];
  needs_restart: string[];
}
export interface ConfigProblem {
  path: string;
  /** 0: it does not stand in the file. */
  line?: number;
  column?: number;
  message: string;
}

/** The file as it may be shown, and the line of each value that stands in it. */
export interface ConfigSource {
  path: string;
  revision: string;
  text: string;
  lines: Record<string, number>;
}

/** What a change would make of the file. */
export interface ConfigPlan {
  path: string;
  revision: string;
  before: string;
  after: string;
  problems: ConfigProblem[];
  changed: { path: string; before: unknown; after: unknown }[];
  overridden: string[];
  needs_restart: string[];
}

export interface ConfigVersion {
  id: string;
  ts: number;
  actor: string;
  changed: string[];
  current: boolean;
}

/** One change to vigiles.yaml. A null `value` takes the key out; `move_to` moves a list entry with its comments. */
export interface ConfigEdit {
  path: (string | number)[];
  value?: unknown;
  move_to?: number;
}

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => api.get<ConfigAnswer>('/api/v1/config', {}, signal),
});

export const configSchemaQuery = queryOptions({
  queryKey: ['config-schema'],
  queryFn: ({ signal }) => api.get<Record<string, unknown>>('/api/v1/config/schema', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const configSourceQuery = queryOptions({
  queryKey: ['config', 'source'],
  queryFn: ({ signal }) => api.get<ConfigSource>('/api/v1/config/source', {}, signal),
});

export const secretNamesQuery = queryOptions({
  queryKey: ['config', 'secret-names'],
  queryFn: async ({ signal }) =>
    (await api.get<{ names: string[] }>('/api/v1/config/secret-names', {}, signal)).names,
});

export const configHistoryQuery = infiniteQueryOptions({
  queryKey: ['config', 'history'],
  queryFn: ({ pageParam, signal }) =>
    api.get<{ versions: ConfigVersion[]; next: string | null }>(
      '/api/v1/config/history',
      { before: pageParam, limit: 50 },
      signal,
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
});

/** Edits, or an earlier version. */
export type ConfigWish = { patch: readonly ConfigEdit[] } | { version: string };

export const configPlanQuery = (wish: ConfigWish) =>
  queryOptions({
    queryKey: ['config-plan', wish],
    queryFn: () => api.post<ConfigPlan>('/api/v1/config/plan', wish),
    // True only of the file as it was.
    staleTime: 0,
    gcTime: 10_000,
    retry: false,
  });

/** Writes what was planned, as long as the file is still the one it was planned for. */
export const writeConfig = (
  wish: ConfigWish,
  revision: string,
): Promise<{ changed: string[]; overridden: string[]; needs_restart: string[] }> =>
  'patch' in wish
    ? api.patch('/api/v1/config', { patch: wish.patch, revision })
    : api.post('/api/v1/config/revert', { version: wish.version, revision });

/** @param revision what the change was made from: a file that is newer is not overwritten */
export const changeConfig = (
  patch: readonly ConfigEdit[],
  revision: string,
): Promise<{ changed: string[]; overridden: string[] }> => api.patch('/api/v1/config', { patch, revision });

/** The problems that the server found in a change, each with the path it stands at. */
export function problemsOf(error: unknown): ConfigProblem[] {
  const problems = error instanceof ApiError ? error.details['problems'] : undefined;
  return Array.isArray(problems) ? (problems as ConfigProblem[]) : [];
}

/** Problems at or below a path, by the rest of their path (`''`: the path itself), and those that stand elsewhere. */
export function problemsBelow(
  problems: readonly ConfigProblem[],
  path: string,
): { here: Map<string, string>; elsewhere: ConfigProblem[] } {
  const here = new Map<string, string>();
  const elsewhere: ConfigProblem[] = [];
  for (const problem of problems) {
    if (problem.path === path) here.set('', problem.message);
    else if (problem.path.startsWith(`${path}.`))
      here.set(problem.path.slice(path.length + 1), problem.message);
    else elsewhere.push(problem);
  }
  return { here, elsewhere };
}
