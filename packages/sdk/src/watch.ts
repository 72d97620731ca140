import { io, type Socket } from 'socket.io-client';
import type { Decision, Session } from '@vigiles/contract';
import { isFatalCode, isFatalReason } from './core/fatal.ts';
import { VigilesError } from './core/vigiles-error.ts';
import type { Connection } from './http.ts';

/** An event as it comes over the socket. */
export interface WatchedEvent {
  type: string;
  /** Absent on what is sent live and never stored. */
  seq?: number;
  event_id?: string;
  session_id: string;
  /** ISO 8601 */
  timestamp: string;
  actor?: string;
  command_id?: string | null;
  data: Record<string, unknown>;
  volatile?: true;
}

/** Where one stands after every connect. */
export interface Joined {
  /** Null: there is none that this device may see; it is waited for. */
  session: Session | null;
  headSeq: number;
  /** What was seen before does not join on: start over. */
  reset: boolean;
  /** Only what is above this follows: fetch what is missing from the pages, or leave it. */
  tailFrom: number | null;
  pending: Decision[];
}

export interface WatchOptions extends Connection {
  sessionId: string;
  /** The last that is known; absent: only what comes. */
  lastSeq?: number;
  /** Exact types, or `topic:*`. */
  types?: readonly string[];
  /** Every event since `lastSeq`, however many. */
  full?: boolean;
  onEvent(event: WatchedEvent): void;
  onJoined?: (joined: Joined) => void;
  /** The connection is gone; it is tried again. */
  onAway?: (reason: string) => void;
  /** It is not tried again. */
  onFatal?: (error: VigilesError) => void;
}

export interface Watch {
  /** The last `seq` that was given: to go on from later. */
  readonly lastSeq: number | null;
  close(): void;
}

/** Names that are no events of a session. */
const ownNames: ReadonlySet<string> = new Set([
  'connected',
  'subscribed',
  'session:state',
  'pong',
  'error',
  'dropped',
  'command:result',
]);

interface Subscribed {
  session_id: string;
  session: Session | null;
  head_seq: number;
  reset: boolean;
  tail_from: number | null;
  pending_decisions: Decision[];
}

const isEvent = (value: unknown): value is WatchedEvent =>
  typeof value === 'object' && value !== null && typeof (value as WatchedEvent).session_id === 'string';

/**
 * Follows a session: every event once and in order, over any number of lost connections. Stops only when the server says
 * that it would refuse the next one too.
 */
export function watch(options: WatchOptions): Watch {
  const { url, token, sessionId, types, full } = options;
  let lastSeq = options.lastSeq ?? null;
  let closed = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const socket: Socket = io(url, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 250,
    reconnectionDelayMax: 10_000,
  });

  const close = (): void => {
    closed = true;
    clearTimeout(again);
    socket.disconnect();
  };
  const end = (code: string, message: string): void => {
    if (closed) return;
    close();
    options.onFatal?.(new VigilesError({ status: 403, code, message }));
  };
  const take = (event: WatchedEvent): void => {
    if (event.session_id !== sessionId) return;
    if (event.seq !== undefined) {
      if (lastSeq !== null && event.seq <= lastSeq) return;
      lastSeq = event.seq;
    }
    options.onEvent(event);
  };

  socket.on('connected', () =>
    socket.emit('subscribe', {
      session_id: sessionId,
      ...(lastSeq === null ? {} : { last_seq: lastSeq }),
      ...(types ? { event_types: types } : {}),
      ...(full ? { full } : {}),
    }),
  );
  socket.on('subscribed', (given: Subscribed) => {
    if (given.session_id !== sessionId) return;
    // From here on, also what comes while nothing has come yet is resumed from.
    if (lastSeq === null || given.reset) lastSeq = given.reset ? 0 : given.head_seq;
    options.onJoined?.({
      session: given.session,
      headSeq: given.head_seq,
      reset: given.reset,
      tailFrom: given.tail_from,
      pending: given.pending_decisions,
    });
  });
  socket.onAny((name: string, given: unknown) => {
    if (!ownNames.has(name) && isEvent(given)) take({ ...given, type: name });
  });
  socket.on('session:deleted', () => {
    lastSeq = 0;
  });
  socket.on('error', (given: { code?: string; error?: string }) => {
    if (isFatalCode(given.code)) end(given.code ?? '', given.error ?? 'Refused');
  });
  let cutOff: string | null = null;
  socket.on('dropped', ({ reason }: { reason: string }) => {
    cutOff = reason;
  });
  socket.on('disconnect', (reason) => {
    if (closed) return;
    if (cutOff !== null && isFatalReason(cutOff))
      return end(cutOff, `The server cut this client off: ${cutOff}`);
    options.onAway?.(cutOff ?? reason);
    cutOff = null;
    // After the server's own goodbye the client library does not come back by itself.
    if (!socket.active) again = setTimeout(() => socket.connect(), 250 + Math.random() * 500);
    return undefined;
  });
  socket.on('connect_error', (error: Error & { data?: { code?: string } }) => {
    if (isFatalCode(error.data?.code)) return end(error.data?.code ?? '', error.message);
    options.onAway?.(error.message);
    if (!closed && !socket.active) again = setTimeout(() => socket.connect(), 1000 + Math.random() * 1000);
    return undefined;
  });

  return {
    get lastSeq() {
      return lastSeq;
    },
    close,
  };
}
