import type { Kysely } from 'kysely';
import type { Beat, ServiceState } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';
import { createUptimeDays } from './days.ts';
import { createUptime, dayMs, type Uptime } from './uptime.ts';

/** How many looks the bar on the dashboard shows. */
const ringSize = 90;
const flushMs = 1000;
const pruneMs = 600_000;
/** Rows kept in memory while the store does not take them; older ones are given up first. */
const maxPending = 50_000;
const rowsPerInsert = 500;

type ServiceBeat = Beat & { service: string };

interface Series {
  ring: Beat[];
  uptime: Uptime;
}

export interface BeatsDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Somebody looks at the dashboard. */
  watching: () => boolean;
  /** At most once a second, and only while somebody looks. */
  publish: (beats: ServiceBeat[]) => void;
}

/** The last looks at every service: in memory for people, in batches in the store for the next start. */
export function createBeats({ store, clock, log, watching, publish }: BeatsDeps) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  const series = new Map<string, Series>();
  const days = createUptimeDays({ store, clock, log });
  let pending: ServiceBeat[] = [];
  let live: ServiceBeat[] = [];
  let timer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> | null = null;
  let prunedAt = Number.NEGATIVE_INFINITY;

  const of = (service: string): Series => {
    let found = series.get(service);
    if (!found) series.set(service, (found = { ring: [], uptime: createUptime() }));
    return found;
  };

  async function write(rows: readonly ServiceBeat[]): Promise<void> {
    await store.transaction<WatchdogTables, void>(async (trx) => {
      for (let at = 0; at < rows.length; at += rowsPerInsert) {
        const values = rows
          .slice(at, at + rowsPerInsert)
          .map(({ service, ts, state, latency_ms, message }) => ({
            service,
            ts,
            state,
            latency_ms,
            message: message ?? null,
          }));
        await trx.insertInto('beat').values(values).execute();
      }
    });
  }

  async function flush(): Promise<void> {
    if (flushing) return flushing;
    const rows = pending;
    pending = [];
    flushing = (async () => {
      try {
        if (rows.length > 0) await write(rows);
        if (clock.monotonic() - prunedAt > pruneMs) {
          prunedAt = clock.monotonic();
          await db
            .deleteFrom('beat')
            .where('ts', '<', clock.now() - dayMs)
            .execute();
        }
      } catch (thrown) {
        pending = [...rows, ...pending].slice(-maxPending);
        log.warn({ err: thrown, rows: rows.length }, 'Beats could not be stored; trying again');
      }
    })().finally(() => {
      flushing = null;
    });
    return flushing;
  }

  function tick(): void {
    if (live.length > 0 && watching()) publish(live);
    live = [];
    void flush();
  }

  return {
    add(service: string, beat: Beat): void {
      const { ring, uptime } = of(service);
      ring.push(beat);
      if (ring.length > ringSize) ring.shift();
      uptime.add(beat.ts, beat.state);
      days.add(service, beat.ts, beat.state);
      const named = { service, ...beat };
      pending.push(named);
      live.push(named);
    },
    last: (service: string): Beat | undefined => of(service).ring.at(-1),
    bar: (service: string): Beat[] => [...of(service).ring],
    uptime: (service: string): number | null => of(service).uptime.share(clock.now()),
    /** Median and 99th percentile of the answers in the bar, milliseconds. */
    latency(service: string): { p50: number | null; p99: number | null } {
      const sorted = of(service)
        .ring.flatMap(({ latency_ms }) => latency_ms ?? [])
        .toSorted((a, b) => a - b);
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
      return { p50: at(0.5), p99: at(0.99) };
    },
    forget(service: string): void {
      series.delete(service);
    },
    /** Brings back the bars and the day of the last run. */
    async load(services: readonly string[]): Promise<void> {
      const since = clock.now() - dayMs;
      const sums = await store.report<{
        service: string;
        bucket: number;
        state: ServiceState;
        times: number;
      }>(
        `select service, ts / 300000 as bucket, state, count(*) as times from beat where ts > ${Math.floor(since)} group by service, ts / 300000, state`,
      );
      for (const { service, bucket, state, times } of sums) {
        if (services.includes(service)) of(service).uptime.add(bucket * 300_000, state, times);
      }
      for (const service of services) {
        const rows = await db
          .selectFrom('beat')
          .selectAll()
          .where('service', '=', service)
          .orderBy('ts', 'desc')
          .limit(ringSize)
          .execute();
        of(service).ring = rows.toReversed().map(toBeat);
      }
    },
    /** Counts of looks by day, for longer spans than 24 hours. */
    days: days.read,
    start(): void {
      days.start();
      timer ??= setInterval(tick, flushMs).unref();
    },
    async stop(): Promise<void> {
      if (timer) clearInterval(timer);
      timer = null;
      await flush();
      if (pending.length > 0) await flush();
      await days.stop();
    },
  };
}

const toBeat = ({ ts, state, latency_ms, message }: WatchdogTables['beat']): Beat => ({
  ts,
  state: state as ServiceState,
  latency_ms,
  ...(message === null ? {} : { message }),
});

export type Beats = ReturnType<typeof createBeats>;
