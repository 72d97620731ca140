import type { VigilesEvent } from '@vigiles/contract';

/** What the screens see: events oldest first, and the cursor. The object changes only when the content does. */
export interface EventSnapshot {
  events: readonly VigilesEvent[];
  lastSeq: number;
}

export interface EventStoreOptions {
  /** How many events are kept; the oldest fall out. */
  capacity: number;
  /** Runs `flush` once, soon. The browser gives `requestAnimationFrame`; tests give their own. */
  schedule(flush: () => void): void;
  /** Told what a handler threw: the others and the list get the batch all the same. */
  failed(thrown: unknown): void;
}

/**
 * Live events, outside React: bounded, without repeats, and handed on once per frame however fast they come.
 * `seq` is the identity: after a reconnect the server sends again what it is not sure we have.
 */
export interface EventStore {
  push(event: VigilesEvent): void;
  /** Replaces everything, for the first page and after the server's log was replaced. */
  reset(events: readonly VigilesEvent[], lastSeq: number): void;
  snapshot(): EventSnapshot;
  /** The highest `seq` taken in, flushed or not: the cursor to resume from. */
  cursor(): number;
  subscribe(listener: () => void): () => void;
  /** Each batch of new events in `seq` order, once, before the listeners run. */
  onBatch(handler: (batch: readonly VigilesEvent[]) => void): () => void;
}

export function createEventStore(options: EventStoreOptions): EventStore {
  let current: EventSnapshot = { events: [], lastSeq: 0 };
  let cursor = 0;
  let pending: VigilesEvent[] = [];
  let scheduled = false;
  const listeners = new Set<() => void>();
  const handlers = new Set<(batch: readonly VigilesEvent[]) => void>();

  const publish = (next: EventSnapshot): void => {
    current = next;
    for (const listener of listeners) listener();
  };

  const flush = (): void => {
    scheduled = false;
    const batch = pending;
    pending = [];
    if (batch.length === 0) return;
    for (const handler of handlers) {
      try {
        handler(batch);
      } catch (thrown) {
        options.failed(thrown);
      }
    }
    const kept = [...current.events, ...batch].slice(-options.capacity);
    publish({ events: kept, lastSeq: batch[batch.length - 1]?.seq ?? current.lastSeq });
  };

  return {
    push(event) {
      if (event.seq <= cursor) return;
      cursor = event.seq;
      pending.push(event);
      if (scheduled) return;
      scheduled = true;
      options.schedule(flush);
    },
    reset(events, lastSeq) {
      pending = [];
      cursor = lastSeq;
      publish({ events: events.slice(-options.capacity), lastSeq });
    },
    snapshot: () => current,
    cursor: () => cursor,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onBatch(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  };
}
