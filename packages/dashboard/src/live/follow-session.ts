import { io, type Socket } from 'socket.io-client';
import type { SessionEvent } from '@vigiles/contract';
import type { SessionFeed } from './session-feed.ts';

interface Frame {
  timestamp: string;
  data: Record<string, unknown>;
  session_id: string;
  seq?: number;
  volatile?: true;
}

interface Joined {
  session_id: string | null;
  head_seq: number;
  oldest_seq?: number;
  reset?: boolean;
}

export interface FollowHandlers {
  /** Sent live and not kept: pieces of what is being said. */
  sampled(type: string, data: Record<string, unknown>): void;
  /** Joined, also again after a break: what the log does not tell is read anew. */
  joined(): void;
  deleted(): void;
}

/**
 * Follows one session's log on a connection of its own (the shell's has the one log of everything). Each connection
 * resumes from the feed's cursor. Returns the function that leaves.
 */
export function followSession(sessionId: string, feed: SessionFeed, handlers: FollowHandlers): () => void {
  const socket: Socket = io({
    forceNew: true,
    transports: ['websocket', 'polling'],
    reconnectionDelayMax: 5_000,
  });
  let stopped = false;
  socket.on('connect', () =>
    socket.emit('subscribe', { session_id: sessionId, last_seq: feed.cursor(), volatile: true }),
  );
  socket.on('subscribed', (answer: Joined) => {
    if (answer.session_id !== sessionId) return;
    feed.joined(answer.head_seq, answer.oldest_seq ?? 1, answer.reset ?? false);
    handlers.joined();
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect' && !stopped) setTimeout(() => !stopped && socket.connect(), 1_000);
  });
  socket.onAny((type: string, frame: Frame | undefined) => {
    if (frame?.session_id !== sessionId) return;
    if (type === 'session:deleted') handlers.deleted();
    else if (typeof frame.seq === 'number') feed.push(toEvent(type, frame));
    else if (frame.volatile) handlers.sampled(type, frame.data);
  });
  return () => {
    stopped = true;
    socket.disconnect();
  };
}

/** The wire message as an event: `timestamp` is ISO 8601, `ts` is UTC milliseconds; the flat copies are left behind. */
function toEvent(type: string, frame: Frame): SessionEvent {
  const { session_id, seq, event_id, actor, command_id, data, timestamp } = frame as Frame & SessionEvent;
  return { session_id, seq, event_id, ts: Date.parse(timestamp), type, actor, command_id, data };
}
