import type {
  Checkpoint,
  CommandType,
  Decision,
  DecisionResolution,
  Lease,
  NewCheckpoint,
  NewDecision,
  NewSession,
  Session,
} from '@vigiles/contract';
import { VigilesError } from './core/vigiles-error.ts';
import { createCommandLoop, type CommandHandler } from './command-loop.ts';
import { createHttp, type Connection, type Http } from './http.ts';
import { createOutbox } from './outbox.ts';
import { createSampler } from './sampler.ts';

export interface AttachOptions extends Connection {
  /** Made where it does not exist. */
  sessionId: string;
  /** A name for this process; whoever has the same name may take over after a crash. */
  holder?: string;
  /** What the session is told about itself when it is made. */
  session?: Partial<Omit<NewSession, 'session_id'>>;
  /** Takes the session from another process that is still alive. */
  steal?: boolean;
  /** Events kept while the server cannot be reached; past it the oldest go. */
  maxEvents?: number;
  /**
   * Something that is not sent again: an event the server does not take, or, with `fatal`, the end of the attachment (the
   * token is not valid any more, another process took the session over).
   */
  onError?: (error: VigilesError, fatal: boolean) => void;
}

/** What became of a decision. `source` is `operator` only when a person chose. */
export type Outcome = DecisionResolution & { decision_id: string };

/** An orchestrator's hold on its session. */
export interface Attachment {
  readonly sessionId: string;
  /** Events that are not stored yet. */
  readonly waiting: number;
  /**
   * Something happened. Returns at once; it is sent with others, in order, and stored once, however often the connection
   * breaks.
   */
  emit(type: string, data?: Record<string, unknown>, more?: { command_id?: string }): void;
  /**
   * Sent live to those who watch now and never stored: words while they are written (`{delta}` is put together), a bar that
   * moves. Nothing waits for it, and what does not get through is lost. `key` tells samples of one type apart.
   */
  sample(type: string, data: Record<string, unknown>, key?: string): void;
  /** Resolves when all that was emitted is stored. */
  flush(): Promise<void>;
  /**
   * Carries out commands of this type; what it returns is the evidence that it was done, what it throws says why not. Each
   * command runs once in this process. `idempotent`: it may run again in another process after a crash; otherwise its
   * outcome is then unknown, and said to be.
   */
  onCommand(type: CommandType, handler: CommandHandler, options?: { idempotent?: boolean }): void;
  /** Asks, and waits until somebody chose, the time is over, or nobody needs it any more. */
  decide(question: NewDecision, signal?: AbortSignal): Promise<Outcome>;
  /** A point it can be taken back to. */
  checkpoint(checkpoint?: NewCheckpoint): Promise<Checkpoint>;
  /** Sends what is left and gives the session back. */
  close(): Promise<void>;
}

const encode = encodeURIComponent;
/** A decision is asked about again this often by the server's long poll. Seconds. */
const waitSeconds = 25;
const graceMs = 5_000;

const randomId = (): string => globalThis.crypto.randomUUID();

/** The session, made where there is none. Raises {@link VigilesError}. */
async function ensure(http: Http, { sessionId, session }: AttachOptions): Promise<void> {
  try {
    await http.persist<Session>('POST', '/api/v1/sessions', { body: { ...session, session_id: sessionId } });
  } catch (thrown) {
    if (!(thrown instanceof VigilesError) || thrown.code !== 'session_exists') throw thrown;
    // Whether it is one that we may see is another question.
    await http.persist('GET', `/api/v1/sessions/${encode(sessionId)}`);
  }
}

/**
 * Attaches this process to a session: it says what happens, carries out commands and asks for decisions. Raises
 * {@link VigilesError} when it may not.
 */
export async function attach(options: AttachOptions): Promise<Attachment> {
  const { sessionId, holder = `sdk-${randomId().slice(0, 8)}`, steal = false, maxEvents = 10_000 } = options;
  const http = createHttp(options);
  const path = `/api/v1/sessions/${encode(sessionId)}`;
  await ensure(http, options);

  const fail = (error: VigilesError, fatal: boolean): void => options.onError?.(error, fatal);
  const outbox = createOutbox({
    run: randomId(),
    maxEvents,
    async send(events, signal) {
      await http.call('POST', `${path}/events`, { body: { events }, signal });
    },
    failed: fail,
  });
  const samples = createSampler(async (events) => {
    await http.call('POST', `${path}/events/volatile`, { body: { events } });
  });
  const loop = createCommandLoop({
    http,
    path,
    take: (idempotent) =>
      http.persist<Lease>('POST', `${path}/lease`, { body: { holder, idempotent, steal } }),
    // What a handler emitted stands in the log before its command is said to be done.
    settled: () => outbox.flush(),
    failed: (error) => fail(error, true),
  });

  return {
    sessionId,
    get waiting() {
      return outbox.waiting;
    },
    emit: (type, data = {}, more = {}) => outbox.put(type, data, more),
    sample: (type, data, key = '') => samples.put({ type, data, key }),
    flush: () => outbox.flush(),
    onCommand: (type, handler, more = {}) => loop.on(type, handler, more.idempotent ?? false),
    async decide(question, signal) {
      const asked = { decision_id: `dec_${randomId()}`, ...question };
      const more = signal ? { signal } : {};
      await outbox.flush();
      const opened = await http.persist<Decision>('POST', `${path}/decisions`, { body: asked, ...more });
      for (let now = opened; ;) {
        if (now.resolution) return { decision_id: now.decision_id, ...now.resolution };
        signal?.throwIfAborted();
        const about = `${path}/decisions/${encode(now.decision_id)}?wait=${waitSeconds}`;
        now = await http.persist<Decision>('GET', about, { timeoutMs: (waitSeconds + 10) * 1000, ...more });
      }
    },
    async checkpoint(checkpoint = {}) {
      await outbox.flush();
      const body = { checkpoint_id: `cpt_${randomId()}`, ...checkpoint };
      return http.persist<Checkpoint>('POST', `${path}/checkpoints`, { body });
    },
    async close() {
      samples.close();
      await outbox.close(graceMs);
      await loop.close(graceMs);
    },
  };
}
