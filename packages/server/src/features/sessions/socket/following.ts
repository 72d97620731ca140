import type { Session } from '@vigiles/contract';
import { toFault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import { createTail, frameBytes, type Tail } from '../../../platform/socket/index.ts';
import type { Guest } from '../../events/index.ts';
import { wantsType } from '../log/read-events.ts';
import { deletedFrame, inOne, sessionLine, singly, type SessionLine } from './frames.ts';
import type { Follower, Hall } from './hall.ts';
import type { SessionsPort } from './port.ts';
import { nothingYet, openingOf, type Opening } from '../core/opening.ts';
import type { Wish } from './subscribe-message.ts';

export interface FollowingDeps {
  sessions: SessionsPort;
  hall: Hall;
  guest: Guest;
  log: Log;
  now(): number;
}

/** One client's place in one session's room. */
export interface Following {
  readonly sessionId: string;
  /** Whether it hears events of this type. */
  hears(type: string): boolean;
  leave(): void;
}

const pageSize = 500;

/**
 * Follows a session for one client: enters its room first and holds back what comes, reads what came after `last_seq`,
 * lets go of what was held, leaving out what it read. A session that does not exist, or that the client may not see, is
 * waited for: nothing is told of it before it is made and visible. `opened` runs before the first event; `session` is
 * null while there is none.
 */
export async function followSession(
  { sessions, hall, guest, log, now }: FollowingDeps,
  wish: Wish,
  opened: (opening: Opening) => void,
  entered: (following: Following) => void,
): Promise<void> {
  const { sessionId, types } = wish;
  let left = false;
  /** Null while there is no session that it may see. */
  let tail: Tail<SessionLine> | null = null;
  let unwatch = () => {};

  const write = wish.together && guest.transport !== 'sse' ? inOne : singly;
  const wanted = (lines: readonly SessionLine[]): readonly SessionLine[] =>
    types ? lines.filter(({ event }) => wantsType(types, event.type)) : lines;
  const tailOf = (): Tail<SessionLine> =>
    createTail({
      async read(afterSeq) {
        const range = { afterSeq, limit: pageSize, ...(types ? { types } : {}) };
        const { events, nextSeq, more } = await sessions.read(sessionId, range);
        return { lines: events.map(sessionLine), readTo: nextSeq, more };
      },
      send: (lines) => guest.send(write(lines)),
      bytesOf: ({ frame }) => frameBytes(frame, guest.transport),
      drained: () => guest.drained(),
    });

  /** The session, if it is there and may be seen; raises whatever else goes wrong. */
  const look = async (): Promise<Session | null> => {
    try {
      return await sessions.get(guest.identity, sessionId);
    } catch (thrown) {
      if (toFault(thrown).kind === 'not-found') return null;
      throw thrown;
    }
  };
  const begin = async (lastSeq: number | null, tell: typeof opened): Promise<void> => {
    const session = await look();
    const pending = session ? await sessions.pending(guest.identity, sessionId) : [];
    if (left) return;
    if (!session) return tell(nothingYet);
    unwatch = sessions.watch(sessionId, guest.identity.name);
    const own = tailOf();
    tail = own;
    const opening = openingOf(session, pending, lastSeq, wish.full);
    own.open(opening.cursor);
    tell(opening);
    return own.catchUp();
  };
  let beginning: Promise<void> = Promise.resolve();
  /** The session was just made, or made anew: whether this client may see it is asked, and all of it is new to it. */
  const beginAnew = (): void => {
    beginning = beginning
      .then(() => (tail || left ? undefined : begin(0, () => undefined)))
      .catch((thrown: unknown) =>
        log.error({ err: thrown }, 'a session that was made could not be followed'),
      );
  };

  const follower: Follower = {
    heard(lines) {
      if (tail) tail.take(wanted(lines));
      else if (lines.some(({ seq }) => seq === 1)) beginAnew();
    },
    sampled(event, frame) {
      if (tail && wish.volatile && wantsType(types, event.type)) guest.sendLive(frame);
    },
    deleted() {
      if (!tail) return;
      stop();
      guest.send(deletedFrame(sessionId, now()));
      // Made anew before we heard that it was deleted.
      beginAnew();
    },
  };
  const stop = (): void => {
    tail?.end();
    tail = null;
    unwatch();
    unwatch = () => {};
  };
  const exit = hall.enter(sessionId, follower);
  entered({
    sessionId,
    hears: (type) => tail !== null && wantsType(types, type),
    leave() {
      if (left) return;
      left = true;
      exit();
      stop();
    },
  });
  const first = begin(wish.lastSeq, opened);
  beginning = first.catch(() => undefined);
  await first;
}
