import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  ActionRun,
  CiPattern,
  CiRun,
  CiRunDetail,
  FlakyTest,
  GithubHealth,
  GithubSync,
} from '@vigiles/contract';
import { api } from './api.ts';

export interface CiRunPage {
  runs: CiRun[];
  /** Sent as `cursor` to read on. */
  next: string | null;
}
export interface CiRunFilter {
  state?: string | undefined;
  repository?: string | undefined;
  workflow?: string | undefined;
}

const PAGE = 100;
const at = (id: string, rest = ''): string => `/api/v1/github/runs/${encodeURIComponent(id)}${rest}`;

export const ciRunsQuery = (filter: CiRunFilter) =>
  infiniteQueryOptions({
    queryKey: ['ci-runs', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<CiRunPage>('/api/v1/github/runs', { ...filter, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const ciRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['ci-run', id],
    queryFn: ({ signal }) => api.get<CiRunDetail>(at(id), {}, signal),
  });

/** Asks GitHub to run the failed jobs of a run again. The reason is kept with it. */
export const retryCiRun = (id: string, reason: string): Promise<{ run: CiRun; action: ActionRun }> =>
  api.post(at(id, '/retry'), { reason });

export const ciPatternsQuery = queryOptions({
  queryKey: ['ci-patterns'],
  queryFn: async ({ signal }) =>
    (await api.get<{ patterns: CiPattern[] }>('/api/v1/github/patterns', { days: 30 }, signal)).patterns,
});

export const flakyQuery = queryOptions({
  queryKey: ['ci-flaky'],
  queryFn: async ({ signal }) =>
    (await api.get<{ tests: FlakyTest[] }>('/api/v1/github/flaky', {}, signal)).tests,
});

export const githubHealthQuery = queryOptions({
  queryKey: ['github-health'],
  queryFn: ({ signal }) => api.get<GithubHealth>('/api/v1/github/health', {}, signal),
  // When it was last looked is in no event.
  refetchInterval: 60_000,
  staleTime: 20_000,
});

export type SyncAction = 'pull' | 'push';

/** What a sync would do; nothing is changed. */
export const syncPlanQuery = (action: SyncAction) =>
  queryOptions({
    queryKey: ['github-sync', action],
    queryFn: () => api.post<GithubSync>('/api/v1/github/sync', { action, dry_run: true }),
    // True only of the moment it was asked in.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const syncNow = (action: SyncAction): Promise<GithubSync> =>
  api.post('/api/v1/github/sync', { action });
