import type { SessionEvent, VolatileSessionEvent } from '@vigiles/contract';
import { createFrame, type Frame } from '../../../platform/socket/index.ts';
import { seedEnvelope, volatileEnvelope } from '../core/envelope.ts';

/** A line of a session's log for the wire. */
export const sessionFrame = (event: SessionEvent): Frame =>
  createFrame({
    socketIo: () => [event.type, seedEnvelope(event)],
    ws: () => ({ type: 'session_event', event }),
    sse: () => ({ id: event.seq, data: event }),
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
