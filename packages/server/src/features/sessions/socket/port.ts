import type {
  AppendedEvent,
  CommandResult,
  Decision,
  Identity,
  NewSessionEvent,
  Session,
  SessionEvent,
  VolatileSessionEvent,
} from '@vigiles/contract';
import type { Result } from '../../../kernel/fault.ts';

/** What the sockets need of the sessions feature. Every call that names an identity checks what it may do and see. */
export interface SessionsPort {
  /** Raises `session_not_found`, also for a session of another tenant. */
  get(identity: Identity, sessionId: string): Promise<Session>;
  /** Decisions of a session that wait for an answer. */
  pending(identity: Identity, sessionId: string): Promise<Decision[]>;
  /** A page of a session's log; who asks was checked before. Whoever subscribed and then reads misses nothing. */
  read(
    sessionId: string,
    range: { afterSeq: number; limit: number; types?: readonly string[] },
  ): Promise<{ events: SessionEvent[]; nextSeq: number; more: boolean }>;
  /** Called after the commit, in the order of the log. */
  subscribe(sessionId: string, listener: (event: SessionEvent) => void): () => void;
  subscribeVolatile(sessionId: string, listener: (event: VolatileSessionEvent) => void): () => void;
  /** Counts somebody among those who follow a session. */
  watch(sessionId: string, who: string): () => void;
  /** Raises what keeps it from saying something about this session; makes the session where there is none. */
  admit(identity: Identity, sessionId: string): Promise<void>;
  /**
   * Stores the events of a producer that was admitted, each for itself, in the order of these calls; `session_not_found` where
   * meanwhile there is none that it may see.
   */
  append(
    identity: Identity,
    sessionId: string,
    events: readonly NewSessionEvent[],
  ): Promise<readonly Result<AppendedEvent>[]>;
  /** Sends live what is never stored. */
  sample(identity: Identity, sessionId: string, sample: unknown): Promise<void>;
  extend(identity: Identity, sessionId: string, decisionId: string, seconds: number): Promise<Decision>;
  command(identity: Identity, input: Record<string, unknown>): Promise<CommandResult>;
}
