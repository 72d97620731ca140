import type { Transaction } from 'kysely';
import type { EventData, EventType, VigilesEvent, VolatileData, VolatileType } from '@vigiles/contract';
import type { WriteOptions } from '../store/store.ts';

/** What is appended; `seq`, `id` and `ts` are given by the log. */
export interface NewEvent<T extends EventType> {
  actor: string;
  subject: string;
  data: EventData<T>;
}

/**
 * A transaction that can also append events: state and event are committed together or not at all. Appended
 * events are written together, in a few multi-row statements, just before the commit.
 */
export interface EventTransaction<Tables> {
  db: Transaction<Tables>;
  append<T extends EventType>(type: T, event: NewEvent<T>): void;
}

export interface EventFilter {
  /** Exclusive: events with a higher `seq`. */
  afterSeq: number;
  /** At most this many, 1 to 500. */
  limit: number;
  types?: readonly EventType[];
  subject?: string;
}

/** What may be forgotten: events older than `olderThanMs`, but never the last `keep`. */
export interface PruneLimits {
  olderThanMs: number;
  keep: number;
  /** Ends it after the batch under way. */
  signal?: AbortSignal;
}

/**
 * The one append-only event log. `seq` rises in commit order, without gaps that fill later, across all
 * processes that share the store; what another process appended is delivered here too.
 */
export interface EventLog {
  transaction<Tables, R>(
    work: (tx: EventTransaction<Tables>) => Promise<R>,
    options?: WriteOptions,
  ): Promise<R>;
  append<T extends EventType>(type: T, event: NewEvent<T>): Promise<void>;
  read(filter: EventFilter): Promise<VigilesEvent[]>;
  /** The highest `seq` committed so far; 0 when empty. */
  head(): Promise<number>;
  /** The lowest `seq` that is still kept; one above the head when none is. Lower ones were pruned. */
  oldest(): Promise<number>;
  /** Every event after it was committed, in `seq` order, each once. */
  subscribe(handler: (event: VigilesEvent) => void): () => void;
  /** Deletes old events in small batches; resolves with how many. No `seq` is ever given again. */
  prune(limits: PruneLimits): Promise<number>;
  /** Live only, never stored. */
  publishVolatile<T extends VolatileType>(type: T, data: VolatileData<T>): void;
  subscribeVolatile(handler: (type: VolatileType, data: VolatileData<VolatileType>) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}
