import type { CommandResult, Decision, Session, SessionEvent } from '@vigiles/contract';
import { VigilesError } from './core/vigiles-error.ts';
import { createHttp, type Connection } from './http.ts';

/** A command as one gives it: its type, and its arguments beside it. */
export interface CommandRequest {
  type: string;
  /** The same id is carried out once, however often it is sent; made where it is absent. */
  command_id?: string;
  /** Refused when somebody else was faster. */
  expected_seq?: number;
  [argument: string]: unknown;
}

/** What dashboards and command lines do with sessions, besides {@link watch}. */
export interface SessionsClient {
  list(filter?: Record<string, string>): Promise<{ sessions: Session[]; next: string | null }>;
  get(sessionId: string): Promise<Session>;
  /** Sent until there is an answer; applied once, since it has an id. `success` means accepted. */
  command(sessionId: string, command: CommandRequest, signal?: AbortSignal): Promise<CommandResult>;
  /** Answers a decision. Raises a conflict that names who was faster. */
  decide(sessionId: string, decisionId: string, choice: string, note?: string): Promise<Decision>;
  /** More time for a decision that waits. Raises a conflict where it cannot be had. Not tried again: each adds to the last. */
  extend(sessionId: string, decisionId: string, seconds?: number): Promise<Decision>;
  /** The session's log, page by page; only events of these types (or `topic:*`) where they are named. */
  events(sessionId: string, afterSeq?: number, types?: readonly string[]): AsyncGenerator<SessionEvent>;
}

const encode = encodeURIComponent;

export function createSessionsClient(connection: Connection): SessionsClient {
  const http = createHttp(connection);
  const at = (sessionId: string): string => `/api/v1/sessions/${encode(sessionId)}`;
  return {
    list: (filter = {}) => http.persist('GET', `/api/v1/sessions?${new URLSearchParams(filter).toString()}`),
    get: (sessionId) => http.persist('GET', at(sessionId)),
    async command(sessionId, command, signal) {
      const body = { command_id: `cmd_${globalThis.crypto.randomUUID()}`, ...command };
      try {
        return await http.persist<CommandResult>('POST', `${at(sessionId)}/commands`, {
          body,
          ...(signal ? { signal } : {}),
        });
      } catch (thrown) {
        // What is wrong with the command is a result like any other; who may not give it is an error.
        if (!(thrown instanceof VigilesError) || !('command_type' in thrown.details)) throw thrown;
        const { code, message: error, details } = thrown;
        return { timestamp: '', ...details, success: false, error, code };
      }
    },
    decide: (sessionId, decisionId, choice, note = '') =>
      http.persist('POST', `${at(sessionId)}/decisions/${encode(decisionId)}/answer`, {
        body: { choice, note },
      }),
    extend: (sessionId, decisionId, seconds = 60) =>
      http.call('POST', `${at(sessionId)}/decisions/${encode(decisionId)}/extend`, { body: { seconds } }),
    async *events(sessionId, afterSeq = 0, types = []) {
      const wanted = types.length === 0 ? '' : `&types=${encode(types.join(','))}`;
      for (let after = afterSeq; ;) {
        const page = await http.persist<{ events: SessionEvent[]; next_seq: number; more: boolean }>(
          'GET',
          `${at(sessionId)}/events?after_seq=${after}&limit=500${wanted}`,
        );
        yield* page.events;
        if (!page.more) return;
        after = page.next_seq;
      }
    },
  };
}
