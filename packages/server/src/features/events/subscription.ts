import type { EventType, VolatileType } from '@vigiles/contract';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Frame } from '../../platform/socket/index.ts';
import type { Filter } from './core/filter.ts';
import { drained } from './drained.ts';
import { eventFrame } from './frames.ts';
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
  /** An event that was just committed; held back while older ones are still being read. */
  take(seq: number, frame: Frame): void;
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
/** Events that may come in while the last page is read; more means the client starts over. */
const maxHeld = 5000;
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
  let ended = false;
  /** The highest `seq` this client was given; nothing at or below it is sent again. */
  let cursor = 0;
  let held: { seq: number; frame: Frame }[] | null = null;
  let forgot = false;
  let joined = false;

  const send = (seq: number, frame: Frame): void => {
    if (ended || seq <= cursor) return;
    cursor = seq;
    hub.deliver(client, frame);
  };
  const subscription: Subscription = {
    filter,
    topics: new Set(wish.topics),
    take(seq, frame) {
      if (!joined || ended) return;
      if (!held) send(seq, frame);
      else if (held.length < maxHeld) held.push({ seq, frame });
      // Too many to hold: forgotten, and read from the store once more.
      else {
        held = [];
        forgot = true;
      }
    },
    end() {
      ended = true;
      held = null;
    },
  };
  client.subscription = subscription;

  const [head, oldestSeq] = await Promise.all([events.head(), events.oldest()]);
  const headSeq = Math.max(hub.givenSeq, head);
  if (ended) return;
  const ahead = wish.lastSeq !== null && wish.lastSeq > headSeq;
  const reset = ahead || (wish.lastSeq !== null && wish.lastSeq + 1 < oldestSeq);
  cursor = wish.lastSeq === null || ahead ? headSeq : wish.lastSeq;
  held = [];
  joined = true;
  opened({ headSeq, reset, oldestSeq });

  /** Reads and sends until a page is not full: then the store has no more than what is held. */
  const replay = async (): Promise<void> => {
    for (;;) {
      const page = await events.read({
        afterSeq: cursor,
        limit: pageSize,
        ...(filter.types ? { types: [...filter.types] as EventType[] } : {}),
        ...(filter.subject === undefined ? {} : { subject: filter.subject }),
      });
      for (const event of page) {
        if (!(await drained(client))) hub.drop(client, 'slow_consumer');
        if (ended) return;
        send(event.seq, eventFrame(event));
      }
      if (ended || page.length < pageSize) return;
      // Held events that the replay has overtaken are not needed any more.
      held = held?.filter(({ seq }) => seq > cursor) ?? null;
    }
  };
  for (;;) {
    forgot = false;
    await replay();
    if (ended) return;
    if (!forgot) break;
  }
  const waiting: { seq: number; frame: Frame }[] = held ?? [];
  held = null;
  for (const { seq, frame } of waiting) send(seq, frame);
}
