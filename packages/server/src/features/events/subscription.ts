import type { EventType, VolatileType } from '@vigiles/contract';
import type { EventLog } from '../../platform/event-log/index.ts';
import { createTail, frameBytes } from '../../platform/socket/index.ts';
import { mayHear } from './core/audience.ts';
import type { Filter } from './core/filter.ts';
import { drained } from './drained.ts';
import { eventLine, singly, type EventLine } from './frames.ts';
import type { Client, Hub } from './hub.ts';

export interface Wish {
  /** The last `seq` the client has; null when it only wants what comes. */
  lastSeq: number | null;
  filter: Filter;
  topics: readonly VolatileType[];
}

/** What one client follows. */
export interface Subscription {
  readonly filter: Filter;
  readonly topics: ReadonlySet<VolatileType>;
  /** Events that were just committed; held back while older ones are still being read. */
  take(lines: readonly EventLine[]): void;
  end(): void;
}

/** What the client is told before anything else. */
export interface Opening {
  /** Everything above it is delivered live; everything between the cursor and it is replayed. */
  headSeq: number;
  /**
   * What the client has does not join on: its cursor was ahead of the log (the store was restored) and it starts anew, or
   * behind what is still kept, and some events between were deleted.
   */
  reset: boolean;
  /** The lowest `seq` that is still kept. */
  oldestSeq: number;
}

const pageSize = 500;

/**
 * Joins first, holds back what is committed meanwhile, replays `seq > lastSeq` from the store, then lets go of
 * what was held, leaving out what the replay already had: no gap, no duplicate. `opened` runs before the first event.
 * Replaces the client's former subscription.
 */
export async function subscribe(
  { events, hub }: { events: EventLog; hub: Hub },
  client: Client,
  wish: Wish,
  opened: (opening: Opening) => void,
): Promise<void> {
  client.subscription?.end();
  const { filter } = wish;
  const tail = createTail<EventLine>({
    async read(afterSeq) {
      const page = await events.read({
        afterSeq,
        limit: pageSize,
        ...(filter.types ? { types: [...filter.types] as EventType[] } : {}),
        ...(filter.subject === undefined ? {} : { subject: filter.subject }),
      });
      const lines = page.filter((event) => mayHear(client.identity, event));
      return {
        lines: lines.map(eventLine),
        readTo: page.at(-1)?.seq ?? afterSeq,
        more: page.length === pageSize,
      };
    },
    send: (lines) => hub.deliver(client, singly(lines)),
    bytesOf: ({ frame }) => frameBytes(frame, client.outlet.transport),
    drained: () => drained(hub, client),
  });
  client.subscription = {
    filter,
    topics: new Set(wish.topics),
    take: (lines) => tail.take(lines),
    end: () => tail.end(),
  };

  const [head, oldestSeq] = await Promise.all([events.head(), events.oldest()]);
  const headSeq = Math.max(hub.givenSeq, head);
  if (tail.ended) return;
  const ahead = wish.lastSeq !== null && wish.lastSeq > headSeq;
  const reset = ahead || (wish.lastSeq !== null && wish.lastSeq + 1 < oldestSeq);
  tail.open(wish.lastSeq === null || ahead ? headSeq : wish.lastSeq);
  opened({ headSeq, reset, oldestSeq });
  await tail.catchUp();
}
