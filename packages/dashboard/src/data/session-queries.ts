import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  Checkpoint,
  CommandResult,
  CommandType,
  Decision,
  Lease,
  RollbackPreview,
  Session,
  SessionCommand,
  SessionEvent,
} from '@vigiles/contract';
import { api } from './api.ts';

export interface SessionPage {
  sessions: Session[];
  /** Sent as `cursor` to read on. */
  next_cursor: string | null;
}
/** One session with what only its own page needs. */
export type OpenedSession = Session & {
  lease: Lease | null;
  /** Names of those who follow it now. */
  watching: string[];
};
export interface SessionListFilter {
  q?: string | undefined;
  phase?: string | undefined;
  agent?: string | undefined;
  /** `1`: only those with a question open. */
  waiting?: string | undefined;
}
export interface SessionEventPage {
  events: SessionEvent[];
  /** Sent as `after_seq` to read on. */
  next_seq: number;
  head_seq: number;
  oldest_seq: number;
  more: boolean;
}

/** The most that one page of a session's log may have. */
export const SESSION_PAGE = 500;
const LIST_PAGE = 100;

const at = (id: string, rest = ''): string => `/api/v1/sessions/${encodeURIComponent(id)}${rest}`;

export const sessionsQuery = (filter: SessionListFilter) =>
  infiniteQueryOptions({
    queryKey: ['sessions', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<SessionPage>(
        '/api/v1/sessions',
        {
          q: filter.q,
          phase: filter.phase,
          agent: filter.agent,
          waiting: filter.waiting ? 'true' : undefined,
          cursor: pageParam,
          limit: LIST_PAGE,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    // Costs and last events move without a word in the one log; what does change state arrives live.
    refetchInterval: 5_000,
    staleTime: 2_000,
  });

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ['session', id],
    queryFn: ({ signal }) => api.get<OpenedSession>(at(id), {}, signal),
    refetchInterval: 10_000,
    staleTime: 1_000,
  });

export const readSessionEvents = (
  id: string,
  range: { after_seq: number; limit: number; types?: string },
  signal?: AbortSignal,
): Promise<SessionEventPage> => api.get<SessionEventPage>(at(id, '/events'), range, signal);

export const sessionCommandsQuery = (id: string) =>
  queryOptions({
    queryKey: ['session-commands', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ commands: SessionCommand[] }>(at(id, '/commands'), { limit: 20 }, signal)).commands,
  });

/** Gives a command. `success` of the answer means accepted, not done. */
export const giveCommand = (
  id: string,
  type: CommandType,
  args: Record<string, unknown>,
): Promise<CommandResult> =>
  api.post<CommandResult>(at(id, '/commands'), { ...args, type, command_id: `cmd_${crypto.randomUUID()}` });

export const checkpointsQuery = (id: string) =>
  queryOptions({
    queryKey: ['session-checkpoints', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ checkpoints: Checkpoint[] }>(at(id, '/checkpoints'), {}, signal)).checkpoints,
  });

/** Everything that waits for an answer, and what was just answered: whoever looks at a card sees its end. */
export const decisionsQuery = queryOptions({
  queryKey: ['decisions'],
  queryFn: async ({ signal }) =>
    (await api.get<{ decisions: Decision[] }>('/api/v1/decisions', { state: 'pending', limit: 100 }, signal))
      .decisions,
});

export const decisionQuery = (sessionId: string, decisionId: string) =>
  queryOptions({
    queryKey: ['decision', sessionId, decisionId],
    queryFn: ({ signal }) =>
      api.get<Decision>(at(sessionId, `/decisions/${encodeURIComponent(decisionId)}`), {}, signal),
  });

export const answerDecision = (decision: Decision, choice: string, note: string): Promise<Decision> =>
  api.post<Decision>(
    at(decision.session_id, `/decisions/${encodeURIComponent(decision.decision_id)}/answer`),
    { choice, note },
  );

/** Adds to the time it has left. */
export const extendDecision = (decision: Decision, seconds: number): Promise<Decision> =>
  api.post<Decision>(
    at(decision.session_id, `/decisions/${encodeURIComponent(decision.decision_id)}/extend`),
    { seconds },
  );

/** What going back to a checkpoint would change. Nothing is changed by asking. */
export const rollbackPreviewQuery = (id: string, checkpointId: string) =>
  queryOptions({
    queryKey: ['rollback-preview', id, checkpointId],
    queryFn: ({ signal }) =>
      api.get<RollbackPreview>(
        at(id, `/checkpoints/${encodeURIComponent(checkpointId)}/preview`),
        {},
        signal,
      ),
    // The files change while the agent works: a preview is of now.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
