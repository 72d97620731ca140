import { queryOptions } from '@tanstack/react-query';
import type {
  ActionRun,
  BridgeState,
  NotionChoice,
  NotionConflict,
  NotionSync,
  OauthConnection,
} from '@vigiles/contract';
import { api, ApiError } from './api.ts';

/** Of mail: what a card shows. */
export interface MailFacts {
  status: 'not_configured' | 'authenticated' | 'token_expired' | 'error';
  enabled: boolean;
  emails_sent_today: number;
  daily_limit: number;
  transport: string | null;
  problem: string | null;
}

/** Of a place that backups go to. */
export interface BackupFacts {
  name: string;
  type: string;
  place: string;
  enabled: boolean;
  problem: string | null;
  next_at: number | null;
  last: { state: 'running' | 'done' | 'failed'; message: string; finished_at: number | null } | null;
  last_done_at: number | null;
}

/** Of Notion. */
export interface NotionFacts {
  enabled: boolean;
  configured: boolean;
  pages: { state: string; synced_at: number | null }[];
  conflicts: number;
  problem: string | null;
}

export const runBackup = (target: string): Promise<ActionRun> =>
  api.post(`/api/v1/backups/${encodeURIComponent(target)}/run`);

export const syncNotion = (): Promise<NotionSync> => api.post('/api/v1/integrations/notion/sync');

export const resolveNotion = (id: string, keep: NotionChoice): Promise<NotionSync['pages'][number]> =>
  api.post(`/api/v1/integrations/notion/conflicts/${encodeURIComponent(id)}/resolve`, { keep });

export const notionConflictsQuery = queryOptions({
  queryKey: ['integrations', 'notion', 'conflicts'],
  queryFn: async ({ signal }) =>
    (await api.get<{ conflicts: NotionConflict[] }>('/api/v1/integrations/notion/conflicts', {}, signal))
      .conflicts,
});

/** What a server that does not have it answers is no error: null. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Looked at while the screen is open: how others do is in no event of ours. */
const look = { refetchInterval: 60_000, staleTime: 10_000 } as const;

export const oauthQuery = queryOptions({
  queryKey: ['integrations', 'oauth'],
  queryFn: async ({ signal }) =>
    (await orNull(api.get<{ connections: OauthConnection[] }>('/api/v1/oauth', {}, signal)))?.connections ??
    null,
  ...look,
});

export const bridgeQuery = queryOptions({
  queryKey: ['integrations', 'vscode'],
  queryFn: ({ signal }) => orNull(api.get<BridgeState>('/api/v1/vscode/bridge', {}, signal)),
  ...look,
});

export const mailFactsQuery = queryOptions({
  queryKey: ['integrations', 'mail'],
  queryFn: ({ signal }) => orNull(api.get<MailFacts>('/api/v1/mail/status', {}, signal)),
  ...look,
});

export const backupFactsQuery = queryOptions({
  queryKey: ['integrations', 'backups'],
  queryFn: async ({ signal }) =>
    (await orNull(api.get<{ targets: BackupFacts[] }>('/api/v1/backups', {}, signal)))?.targets ?? null,
  ...look,
});

export const notionFactsQuery = queryOptions({
  queryKey: ['integrations', 'notion'],
  queryFn: ({ signal }) => orNull(api.get<NotionFacts>('/api/v1/integrations/notion', {}, signal)),
  ...look,
});
