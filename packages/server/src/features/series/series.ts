import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStates, seriesKind, type SeriesConfig, type ServiceState } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Uptimes } from './engine/engine.ts';
import { createSeriesThread, type SeriesThread } from './series-thread.ts';
import type { SeriesPlace } from './worker-messages.ts';

/** Samples on their way to the store: at 200 a second, four minutes. Past it the newest are given up and counted. */
const maxWaiting = 50_000;
/** Series one process may feed; further ones are refused. */
const maxLocal = 100_000;
const flushMs = 1_000;
const uptimesFreshMs = 15_000;

export interface SeriesDeps {
  /** Home folder: without PostgreSQL the history lives in its `series` folder. */
  home: string;
  /** `postgres://…`: the history is kept there. */
  url?: string;
  clock: Clock;
  log: Log;
  config: SeriesConfig;
}

const rulesOf = (config: SeriesConfig) => ({
  rawDays: config.retention_raw_d,
  minuteDays: config.retention_1m_d,
  hourDays: config.retention_1h_d,
  maxBytes: config.max_mb * 1_048_576,
  minFreeBytes: config.min_free_mb * 1_048_576,
  maxSeries: config.max_series,
});

const stateCodes = new Map<ServiceState | null, number>(sampleStates.map((state, code) => [state, code]));
const isPostgres = (url: string | undefined): url is string => /^postgres(ql)?:/.test(url ?? '');

/** The history of figures. All work is done in a thread, which is started with the first sample or question. */
export function createSeries({ home, url, clock, log, config }: SeriesDeps) {
  const place: SeriesPlace = { folder: join(home, 'series'), ...(isPostgres(url) ? { url } : {}) };
  const thread: SeriesThread = createSeriesThread({ place, rules: rulesOf(config), log });
  const locals = new Map<string, Map<string, number>>();
  const kinds: Parameters<SeriesThread['send']>[1][number][] = [];
  let toldUpTo = 0;
  const waiting = { ids: [] as number[], ts: [] as number[], values: [] as number[], states: [] as number[] };
  let dropped = 0;
  let timer: NodeJS.Timeout | null = null;
  const uptimes = new Map<string, { at: number; asking: boolean; known: Record<string, Uptimes> }>();

  function localOf(name: string, target: string): number | null {
    let targets = locals.get(name);
    if (!targets) locals.set(name, (targets = new Map()));
    const known = targets.get(target);
    if (known !== undefined) return known;
    if (kinds.length >= maxLocal) return null;
    const { scale, bits } = seriesKind(name);
    const local = kinds.length;
    kinds.push({ local, name, target, scale, bits });
    targets.set(target, local);
    return local;
  }

  /** Gives what waits to the thread, unless that has too much already. */
  function flush(): void {
    if (waiting.ids.length === 0 || thread.waiting() > maxWaiting) return;
    const added = kinds.slice(toldUpTo);
    // A thread that had to be started again knows nobody.
    const sent = thread.send(
      {
        ids: Uint32Array.from(waiting.ids),
        ts: Float64Array.from(waiting.ts),
        values: Float64Array.from(waiting.values),
        states: Uint8Array.from(waiting.states),
      },
      added,
      () => kinds.slice(0, toldUpTo),
    );
    if (!sent) return;
    toldUpTo = kinds.length;
    for (const column of Object.values(waiting)) column.length = 0;
  }

  function armed(): void {
    timer ??= setTimeout(() => {
      timer = null;
      flush();
      if (waiting.ids.length > 0) armed();
      if (dropped > 0) {
        log.warn({ dropped }, 'The history cannot keep up: samples were given up');
        dropped = 0;
      }
    }, flushMs).unref();
  }

  return {
    /**
     * Remembers one sample. Returns at once; it is on disk within about two seconds.
     * @param name what was measured: one of `seriesKinds`, or a name of your own
     * @param target of what: a service, `<service>/<check>`, a provider, `host`
     * @param ts UTC ms @param value null: there is none, only a state
     */
    add(
      name: string,
      target: string,
      ts: number,
      value: number | null,
      state: ServiceState | null = null,
    ): void {
      if (value !== null ? !Number.isFinite(value) : state === null) return;
      const local = waiting.ids.length < maxWaiting ? localOf(name, target) : null;
      if (local === null) {
        dropped += 1;
        return;
      }
      waiting.ids.push(local);
      waiting.ts.push(Math.round(ts));
      waiting.values.push(value ?? Number.NaN);
      waiting.states.push(stateCodes.get(state) ?? 0);
      armed();
    },
    /** Whether there can be anything to ask for; asking starts the thread. */
    hasHistory: (): boolean => place.url !== undefined || existsSync(place.folder),
    ask: thread.ask,
    /** Samples that are not stored yet. */
    waiting: (): number => waiting.ids.length + thread.waiting(),
    /**
     * Uptime of a target as of a few seconds ago; null while it is not known. Asks for news by itself, without waiting.
     */
    uptime(name: string, target: string): Uptimes | null {
      let entry = uptimes.get(name);
      if (!entry) uptimes.set(name, (entry = { at: Number.NEGATIVE_INFINITY, asking: false, known: {} }));
      const current = entry;
      if (!current.asking && clock.monotonic() - current.at > uptimesFreshMs && thread.running()) {
        current.asking = true;
        thread
          .ask('uptimes', { name })
          .then((known) => (current.known = known))
          .catch(() => undefined)
          .finally(() => {
            current.asking = false;
            current.at = clock.monotonic();
          });
      }
      return current.known[target] ?? null;
    },
    reload(next: SeriesConfig): void {
      thread.follow(rulesOf(next));
    },
    /** Resolves when what was added before is stored. */
    async settled(): Promise<void> {
      flush();
      if (thread.running()) await thread.ask('settled', {});
    },
    async stop(): Promise<void> {
      if (timer) clearTimeout(timer);
      flush();
      await thread.close();
    },
  };
}

export type Series = ReturnType<typeof createSeries>;
