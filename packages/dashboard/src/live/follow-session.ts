import { io, type Socket } from 'socket.io-client';
import type { SessionEvent } from '@vigiles/contract';
import type { SessionFeed } from './session-feed.ts';

/** What was said live and is not kept, and that the session is gone; both name their session. */
interface Frame {
  data: Record<string, unknown>;
  session_id: string;
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
    socket.emit('subscribe', {
      session_id: sessionId,
      last_seq: feed.cursor(),
      volatile: true,
      frames: 'batch',
    }),
  );
  socket.on('subscribed', (answer: Joined) => {
    if (answer.session_id !== sessionId) return;
    feed.joined(answer.head_seq, answer.oldest_seq ?? 1, answer.reset ?? false);
    handlers.joined();
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect' && !stopped) setTimeout(() => !stopped && socket.connect(), 1_000);
  });
  socket.on('session:events', (batch: { session_id: string; events: readonly SessionEvent[] }) => {
    if (batch.session_id === sessionId) for (const event of batch.events) feed.push(event);
  });
  socket.onAny((type: string, frame: Frame | undefined) => {
    if (frame?.session_id !== sessionId) return;
    if (type === 'session:deleted') handlers.deleted();
    else if (frame.volatile) handlers.sampled(type, frame.data);
  });
  return () => {
    stopped = true;
    socket.disconnect();
  };
}
