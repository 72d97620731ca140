import type { SessionEvent, VolatileSessionEvent } from '@vigiles/contract';
import type { Frame } from '../../../platform/socket/index.ts';
import { sessionFrame, volatileSessionFrame } from './frames.ts';
import type { SessionsPort } from './port.ts';

/** Somebody who is in a session's room. */
export interface Follower {
  heard(event: SessionEvent, frame: Frame): void;
  sampled(event: VolatileSessionEvent, frame: Frame): void;
  /** The session was deleted. */
  deleted(): void;
}

/** The rooms of sessions: each event is written once for all who are in one, and nobody is told of another. */
export interface Hall {
  /** @returns the function that leaves the room again */
  enter(sessionId: string, follower: Follower): () => void;
  /** Tells everybody in the room that the session is gone. */
  deleted(sessionId: string): void;
}

interface Room {
  followers: Set<Follower>;
  leave(): void;
}

export function createHall(sessions: Pick<SessionsPort, 'subscribe' | 'subscribeVolatile'>): Hall {
  const rooms = new Map<string, Room>();

  const open = (sessionId: string): Room => {
    const followers = new Set<Follower>();
    const ends = [
      sessions.subscribe(sessionId, (event) => {
        const frame = sessionFrame(event);
        for (const follower of followers) follower.heard(event, frame);
      }),
      sessions.subscribeVolatile(sessionId, (event) => {
        const frame = volatileSessionFrame(event);
        for (const follower of followers) follower.sampled(event, frame);
      }),
    ];
    const leave = () => ends.forEach((end) => end());
    const room = { followers, leave };
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
    deleted(sessionId) {
      for (const follower of rooms.get(sessionId)?.followers ?? []) follower.deleted();
    },
  };
}
