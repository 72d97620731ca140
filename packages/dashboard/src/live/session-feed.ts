import type { SessionEvent } from '@vigiles/contract';

/** Rows that are read and forgotten together. */
export const FEED_PAGE = 200;
/** Pages kept: of a session of any length so many rows are in memory, no more. */
const PAGES_KEPT = 20;

export interface FeedSnapshot {
  /** Seq of the newest event that is shown; while held still, what came later is only counted. */
  head: number;
  oldest: number;
  /** Came in since it was held still; 0 while it flows. */
  waiting: number;
  held: boolean;
  /** Rises with every change of what `row` answers. */
  version: number;
}

export interface FeedOptions {
  head: number;
  oldest: number;
  /** Reads events with `after_seq < seq`, ascending, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<readonly SessionEvent[]>;
  /** Runs `flush` once, soon: the browser gives `requestAnimationFrame`. */
  schedule(flush: () => void): void;
}

/**
 * One session's log as a window: its newest events live, any other page when it is looked at. Outside React, bounded,
 * without repeats (`seq` is the identity), and told at most once per frame however fast events come.
 */
export type SessionFeed = ReturnType<typeof createSessionFeed>;

export function createSessionFeed(options: FeedOptions) {
  const { read, schedule } = options;
  let cursor = options.head;
  let oldest = options.oldest;
  let shown = options.head;
  let held = false;
  let version = 0;
  let pending: SessionEvent[] = [];
  let scheduled = false;
  /** By page number, the one used last at the end. Rows may be missing where nothing was read yet. */
  const pages = new Map<number, (SessionEvent | undefined)[]>();
  const asked = new Set<number>();
  const listeners = new Set<() => void>();
  const handlers = new Set<(batch: readonly SessionEvent[]) => void>();
  let snapshot = look();

  function look(): FeedSnapshot {
    return { head: shown, oldest, waiting: held ? cursor - shown : 0, held, version };
  }
  const tell = (): void => {
    version += 1;
    snapshot = look();
    for (const listener of listeners) listener();
  };
  const schedulePublish = (): void => {
    if (scheduled) return;
    scheduled = true;
    schedule(flush);
  };
  const pageOf = (seq: number): number => Math.floor((seq - 1) / FEED_PAGE);
  const take = (number: number): (SessionEvent | undefined)[] => {
    const page = pages.get(number) ?? [];
    pages.delete(number);
    pages.set(number, page);
    if (pages.size > PAGES_KEPT) {
      const first = pages.keys().next();
      if (!first.done) pages.delete(first.value);
    }
    return page;
  };
  const put = (event: SessionEvent): void => {
    take(pageOf(event.seq))[(event.seq - 1) % FEED_PAGE] = event;
  };
  function flush(): void {
    scheduled = false;
    const batch = pending;
    pending = [];
    for (const event of batch) put(event);
    if (!held) shown = cursor;
    if (batch.length > 0) for (const handler of handlers) handler(batch);
    tell();
  }
  async function load(number: number): Promise<void> {
    asked.add(number);
    try {
      const events = await read(number * FEED_PAGE, FEED_PAGE);
      const last = (number + 1) * FEED_PAGE;
      for (const event of events) if (event.seq <= last) put(event);
    } catch {
      // It is asked for again when it is looked at again.
      setTimeout(() => asked.delete(number), 2_000);
      return;
    }
    asked.delete(number);
    schedulePublish();
  }

  return {
    snapshot: (): FeedSnapshot => snapshot,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Each batch of new events in order, once, held still or not. */
    onBatch(handler: (batch: readonly SessionEvent[]) => void): () => void {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    push(event: SessionEvent): void {
      if (event.seq <= cursor) return;
      cursor = event.seq;
      pending.push(event);
      schedulePublish();
    },
    /** The event of that seq; undefined while it is being read. Looking at a row reads its page. */
    row(seq: number): SessionEvent | undefined {
      const number = pageOf(seq);
      const event = pages.get(number)?.[(seq - 1) % FEED_PAGE];
      if (!event && seq >= oldest && seq <= cursor && !asked.has(number)) void load(number);
      else if (event) take(number);
      return event;
    },
    /** The highest seq that came in: the cursor to resume from. */
    cursor: (): number => cursor,
    /** What the server said on joining: another log, or one whose beginning is gone. */
    joined(head: number, first: number, isReset: boolean): void {
      if (isReset) {
        pages.clear();
        pending = [];
        cursor = head;
        shown = head;
      }
      oldest = Math.max(1, first);
      schedulePublish();
    },
    hold(still: boolean): void {
      held = still;
      if (!still) shown = cursor;
      tell();
    },
  };
}
