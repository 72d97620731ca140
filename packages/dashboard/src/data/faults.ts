import { queryOptions } from '@tanstack/react-query';
import type {
  CatalogueProblem,
  FaultChange,
  FaultTestResult,
  FaultView,
  PlannedFault,
} from '@vigiles/contract';
import { api } from './api.ts';

export interface FaultsAnswer {
  faults: FaultView[];
  problems: CatalogueProblem[];
}

export const faultsQuery = queryOptions({
  queryKey: ['faults'],
  queryFn: ({ signal }) => api.get<FaultsAnswer>('/api/v1/faults', {}, signal),
  refetchInterval: 10_000,
});

/** Why files of own faults are not in force. */
export const faultProblemsQuery = queryOptions({
  queryKey: ['faults', 'problems'],
  queryFn: async ({ signal }) =>
    (await api.get<FaultsAnswer>('/api/v1/faults', { source: 'user' }, signal)).problems,
  refetchInterval: 30_000,
});

/** The JSON Schema of a file of faults: the form is drawn from it. */
export const faultSchemaQuery = queryOptions({
  queryKey: ['faults', 'schema'],
  queryFn: async ({ signal }) =>
    (await api.get<{ schema: Record<string, unknown> }>('/api/v1/faults/schema', {}, signal)).schema,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What a change would make of the files of own faults; nothing is written. */
export const faultPlanQuery = (change: FaultChange) =>
  queryOptions({
    queryKey: ['fault-plan', change],
    queryFn: () => api.post<PlannedFault>('/api/v1/faults/plan', change),
    // True only of the files as they were.
    staleTime: 0,
    gcTime: 10_000,
    retry: false,
  });

export const testFault = (text: string, draft: string): Promise<FaultTestResult> =>
  api.post('/api/v1/faults/test', { text, draft });
export const changeFaults = (change: FaultChange): Promise<PlannedFault> =>
  api.post('/api/v1/faults', change);
