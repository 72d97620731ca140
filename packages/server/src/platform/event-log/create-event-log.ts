import { CompiledQuery, type Transaction } from 'kysely';
import {
  eventMap,
  type EventType,
  type VigilesEvent,
  type VolatileData,
  type VolatileType,
} from '@vigiles/contract';
import { createBus } from '../../kernel/bus.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { newId as systemId, type NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store, WriteOptions } from '../store/store.ts';
import type { RunSql } from '../store/writer.ts';
import { createDelivery } from './delivery.ts';
import type { EventLog, EventTransaction, NewEvent } from './event-log.ts';
import { insertEvents, stageEvent, type StagedEvent } from './insert-events.ts';
import { pruneEvents } from './prune-events.ts';
import { headSeq, oldestSeq, readEvents } from './read-events.ts';
import type { EventLogTables } from './tables.ts';

export interface EventLogOptions {
  /** Opened with `eventLogMigrations` among its migrations. One event log per store. */
  store: Store;
  log: Log;
  clock?: Clock;
  newId?: NewId;
  /** Checks every payload against the contract before it is appended: for tests and development. */
  validate?: boolean;
}

export function createEventLog(options: EventLogOptions): EventLog {
  const { store, log, clock = systemClock, newId = systemId, validate = false } = options;
  const db = store.db<EventLogTables>();
  const events = createBus<VigilesEvent>((thrown, event) =>
    log.error({ err: thrown, seq: event.seq, type: event.type }, 'An event handler failed'),
  );
  const volatile = createBus<{ type: VolatileType; data: VolatileData<VolatileType> }>((thrown, { type }) =>
    log.error({ err: thrown, type }, 'A volatile event handler failed'),
  );
  const delivery = createDelivery<VigilesEvent>({
    readAfter: (afterSeq, limit) => readEvents(db, { afterSeq, limit }),
    deliver: (event) => events.publish(event),
    onFailure: (thrown) => log.error({ err: thrown }, 'Reading new events failed; trying again'),
  });
  let unlisten: (() => void) | null = null;

  const stage = <T extends EventType>(type: T, event: NewEvent<T>): StagedEvent => {
    if (validate) eventMap[type].parse(event.data);
    return stageEvent(type, event, newId('evt'), clock.now());
  };

  /** Runs `work` and what it has staged by its end in one transaction, then fans out. */
  const commit = async <Tables, R>(
    staged: StagedEvent[],
    work: (trx: Transaction<Tables>) => Promise<R>,
    how?: WriteOptions,
  ): Promise<R> => {
    const result = await store.transaction<Tables, R>(async (trx) => {
      const done = await work(trx);
      if (staged.length > 0) await insertEvents(store, runIn(trx), staged);
      return done;
    }, how);
    // Parsed from what was stored: nobody shares an object with the one who appended it. A log that was not started
    // (a writer thread's) delivers nothing.
    if (unlisten)
      delivery.offer(staged.map((event) => ({ ...event, data: JSON.parse(event.data) }) as VigilesEvent));
    return result;
  };

  const transaction = async <Tables, R>(
    work: (tx: EventTransaction<Tables>) => Promise<R>,
    how?: WriteOptions,
  ): Promise<R> => {
    const staged: StagedEvent[] = [];
    let open = true;
    return commit<Tables, R>(
      staged,
      async (trx) => {
        const done = await work({
          db: trx,
          append(type, event) {
            if (!open) throw new Error(`${type} was appended after its transaction had ended`);
            staged.push(stage(type, event));
          },
        });
        open = false;
        return done;
      },
      how,
    );
  };

  return {
    transaction,
    append: async (type, event) => commit([stage(type, event)], () => Promise.resolve()),
    read: (filter) => readEvents(db, filter),
    head: () => headSeq(db),
    oldest: () => oldestSeq(db),
    prune: (limits) => pruneEvents(store, db, clock, limits),
    subscribe: (handler) => events.subscribe((event) => asPending(handler(event))),
    publishVolatile: (type, data) => volatile.publish({ type, data }),
    subscribeVolatile: (handler) => volatile.subscribe(({ type, data }) => asPending(handler(type, data))),
    async start() {
      if (unlisten) return;
      unlisten = store.onCommit((origin) => {
        // Own commits are offered directly.
        if (origin === 'remote') delivery.poke();
      });
      delivery.begin(await headSeq(db));
      delivery.poke();
    },
    async stop() {
      unlisten?.();
      unlisten = null;
      await delivery.end();
    },
  };
}

/** Plain statements inside a Kysely transaction. */
const runIn =
  <Tables>(trx: Transaction<Tables>): RunSql =>
  async (sql, parameters) =>
    (await trx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql, [...parameters]))).rows;

/** A handler may return anything where `void` is asked for; only a promise is worth waiting for. */
const asPending = (returned: unknown): Promise<void> | undefined =>
  returned instanceof Promise ? (returned as Promise<void>) : undefined;
