import type { SessionEvent, VolatileSessionEvent } from '@vigiles/contract';
import {
  createFrame,
  joinFrames,
  writtenOnce,
  type Frame,
  type Line,
} from '../../../platform/socket/index.ts';
import { seedEnvelope, volatileEnvelope } from '../core/envelope.ts';

/** A line of a session's log for the wire. */
export interface SessionLine extends Line {
  readonly event: SessionEvent;
  /** As a message of its own. */
  readonly frame: Frame;
}

export const sessionLine = (event: SessionEvent): SessionLine => ({
  seq: event.seq,
  event,
  frame: createFrame({
    socketIo: () => [event.type, seedEnvelope(event)],
    ws: () => ({ type: 'session_event', event }),
    sse: () => ({ id: event.seq, data: event }),
  }),
});

/** Each line as a message of its own, all in one write. */
export const singly = writtenOnce((lines: readonly SessionLine[]) =>
  joinFrames(lines.map(({ frame }) => frame)),
);

/** All lines as one message, for clients that asked for it: `session:events {session_id, events}`. */
export const inOne = writtenOnce((lines: readonly SessionLine[]) => {
  const events = lines.map(({ event }) => event);
  const told = { session_id: events[0]?.session_id, events };
  return createFrame({
    socketIo: () => ['session:events', told],
    ws: () => ({ type: 'session_events', ...told }),
    sse: () => ({ data: told }),
  });
});

/** What is sent live and never stored. */
export const volatileSessionFrame = (event: VolatileSessionEvent): Frame =>
  createFrame({
    socketIo: () => [event.type, volatileEnvelope(event)],
    ws: () => ({ type: 'session_volatile', event }),
    sse: () => ({ event: 'volatile', data: event }),
  });

/** The session is gone: nothing follows until one of that name is made again. */
export const deletedFrame = (sessionId: string, nowMs: number): Frame => {
  const told = { session_id: sessionId, timestamp: new Date(nowMs).toISOString() };
  return createFrame({
    socketIo: () => ['session:deleted', { ...told, data: {} }],
    ws: () => ({ type: 'session_deleted', ...told }),
    sse: () => ({ event: 'deleted', data: told }),
  });
};
