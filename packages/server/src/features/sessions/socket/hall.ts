import type { VolatileSessionEvent } from '@vigiles/contract';
import { createGather, type Frame } from '../../../platform/socket/index.ts';
import { sessionLine, volatileSessionFrame, type SessionLine } from './frames.ts';
import type { SessionsPort } from './port.ts';

/** Somebody who is in a session's room. */
export interface Follower {
  /** In the order of the log; everybody in the room is given the same array. */
  heard(lines: readonly SessionLine[]): void;
  sampled(event: VolatileSessionEvent, frame: Frame): void;
  /** The session was deleted. */
  deleted(): void;
}

/**
 * Between two writes to a client of a session in which much happens. Less than lies between two groups that the log stores: what was
 * gathered there does not wait here once more. Milliseconds.
 */
const gatherMs = 1;

/** The rooms of sessions: each event is written once for all who are in one, and nobody is told of another. */
export interface Hall {
  /** @returns the function that leaves the room again */
  enter(sessionId: string, follower: Follower): () => void;
  /** Tells everybody in the room that the session is gone. */
  deleted(sessionId: string): void;
  /** How many sessions are gone so far: while it stays, whoever was admitted to one still is. */
  readonly deletions: number;
}

interface Room {
  followers: Set<Follower>;
  /** Hands on what was gathered. */
  flush(): void;
  leave(): void;
}

export function createHall(sessions: Pick<SessionsPort, 'subscribe' | 'subscribeVolatile'>): Hall {
  const rooms = new Map<string, Room>();
  let deletions = 0;

  const open = (sessionId: string): Room => {
    const followers = new Set<Follower>();
    const gather = createGather<SessionLine>(gatherMs, (lines) => {
      for (const follower of followers) follower.heard(lines);
    });
    const ends = [
      sessions.subscribe(sessionId, (event) => gather.put(sessionLine(event))),
      sessions.subscribeVolatile(sessionId, (event) => {
        // It belongs after what the log said before it.
        gather.flush();
        const frame = volatileSessionFrame(event);
        for (const follower of followers) follower.sampled(event, frame);
      }),
    ];
    const leave = () => ends.forEach((end) => end());
    const room = { followers, flush: () => gather.flush(), leave };
    rooms.set(sessionId, room);
    return room;
  };

  return {
    enter(sessionId, follower) {
      const room = rooms.get(sessionId) ?? open(sessionId);
      room.followers.add(follower);
      return () => {
        room.followers.delete(follower);
        if (room.followers.size > 0 || rooms.get(sessionId) !== room) return;
        rooms.delete(sessionId);
        room.leave();
      };
    },
    get deletions() {
      return deletions;
    },
    deleted(sessionId) {
      deletions += 1;
      const room = rooms.get(sessionId);
      room?.flush();
      for (const follower of room?.followers ?? []) follower.deleted();
    },
  };
}
