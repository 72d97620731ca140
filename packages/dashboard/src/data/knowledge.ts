import { queryOptions } from '@tanstack/react-query';
import type {
  ActionRun,
  DiagnosisStatus,
  Incident,
  IncidentExport,
  IncidentReplay,
  KnownPattern,
} from '@vigiles/contract';
import { api } from './api.ts';

const incidentPath = (id: string) => `/api/v1/incidents/${encodeURIComponent(id)}`;
const patternPath = (fingerprint: string) => `/api/v1/knowledge/${encodeURIComponent(fingerprint)}`;

/** What can be filtered by: faults and targets that have incidents. */
export const facetsQuery = queryOptions({
  queryKey: ['incident-facets'],
  queryFn: ({ signal }) =>
    api.get<{ faults: string[]; targets: string[] }>('/api/v1/incidents/facets', {}, signal),
  staleTime: 60_000,
});

/** What would be decided for an incident today; read when somebody asks. */
export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident-replay', id],
    queryFn: ({ signal }) => api.get<IncidentReplay>(`${incidentPath(id)}/replay`, {}, signal),
    staleTime: 0,
  });

export const exportIncident = (id: string): Promise<IncidentExport> =>
  api.get<IncidentExport>(`${incidentPath(id)}/export`);
export const cancelIncident = (id: string): Promise<Incident> => api.post(`${incidentPath(id)}/cancel`);
export const approveIncident = (id: string): Promise<ActionRun> => api.post(`${incidentPath(id)}/approve`);
export const noteOnIncident = (id: string, text: string): Promise<Incident> =>
  api.post(`${incidentPath(id)}/notes`, { text });

export const knowledgeQuery = (search: string) =>
  queryOptions({
    queryKey: ['knowledge', search],
    queryFn: ({ signal }) =>
      api.get<{ patterns: KnownPattern[]; total: number }>(
        '/api/v1/knowledge',
        search === '' ? {} : { search },
        signal,
      ),
    refetchInterval: 30_000,
  });
export const pinPattern = (fingerprint: string, pinned: boolean): Promise<KnownPattern> =>
  api.post(`${patternPath(fingerprint)}/pin`, { pinned });
export const promoteRemedy = (
  fingerprint: string,
  remedy: string,
  promoted: boolean,
): Promise<KnownPattern> => api.post(`${patternPath(fingerprint)}/promote`, { remedy, promoted });
export const forgetPattern = (fingerprint: string): Promise<unknown> => api.remove(patternPath(fingerprint));

export const watchdogAiQuery = queryOptions({
  queryKey: ['watchdog-ai'],
  queryFn: ({ signal }) => api.get<DiagnosisStatus>('/api/v1/watchdog/ai', {}, signal),
  refetchInterval: 15_000,
});
