import { socketName, type VigilesEvent, type VolatileData, type VolatileType } from '@vigiles/contract';
import { createFrame, joinFrames, writtenOnce, type Frame, type Line } from '../../platform/socket/index.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A line of the event log and how it is written. */
export interface EventLine extends Line {
  readonly event: VigilesEvent;
  readonly frame: Frame;
}

export const eventLine = (event: VigilesEvent): EventLine => ({
  seq: event.seq,
  event,
  frame: eventFrame(event),
});

/** Each line as a message of its own, all in one write. */
export const singly = writtenOnce((lines: readonly EventLine[]) =>
  joinFrames(lines.map(({ frame }) => frame)),
);

/** An event for the wire: Socket.IO gets the seed's `{timestamp, data}` and more, the others the event itself. */
function eventFrame(event: VigilesEvent): Frame {
  const { seq, id, type, ts, actor, subject, data } = event;
  return createFrame({
    socketIo: () => [socketName(type), { timestamp: iso(ts), data, seq, id, type, actor, subject }],
    ws: () => ({ type: 'event', event }),
    sse: () => ({ id: seq, data: event }),
  });
}

/** A live sample: no `seq`, nothing to resume. */
export function volatileFrame(topic: VolatileType, data: VolatileData<VolatileType>, nowMs: number): Frame {
  return createFrame({
    socketIo: () => [socketName(topic), { timestamp: iso(nowMs), data }],
    // Clients of the earlier mission control look for `system` and `services` in the message itself.
    ws: () =>
      topic === 'health.snapshot'
        ? { type: 'health', ...data }
        : { type: 'volatile', topic, timestamp: iso(nowMs), data },
    sse: () => ({ event: topic, data }),
  });
}
