import { queryOptions } from '@tanstack/react-query';
import type { CatalogueProblem, FaultTestResult, FaultView } from '@vigiles/contract';
import { api } from './api.ts';

export interface FaultsAnswer {
  faults: FaultView[];
  problems: CatalogueProblem[];
}

export interface PlannedRule {
  file: string;
  before: string;
  after: string;
  problems: CatalogueProblem[];
}

export const faultsQuery = queryOptions({
  queryKey: ['faults'],
  queryFn: ({ signal }) => api.get<FaultsAnswer>('/api/v1/faults', {}, signal),
  refetchInterval: 10_000,
});

export const testFault = (text: string, draft: string): Promise<FaultTestResult> =>
  api.post('/api/v1/faults/test', { text, draft });
export const planFault = (yaml: string): Promise<PlannedRule> => api.post('/api/v1/faults/plan', { yaml });
export const saveFault = (yaml: string): Promise<PlannedRule> => api.post('/api/v1/faults', { yaml });
