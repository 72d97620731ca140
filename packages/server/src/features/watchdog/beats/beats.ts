import { sampleStates, type Beat } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { Series as History } from '../../series/index.ts';
import { BeatRing } from './beat-ring.ts';
import { createUptimeDays } from './days.ts';
import { Uptime } from './uptime.ts';

/** How many looks the bar on the dashboard shows. */
const ringSize = 90;
const flushMs = 1000;

type ServiceBeat = Beat & { service: string };

interface Series {
  ring: BeatRing;
  uptime: Uptime;
}

export interface BeatsDeps {
  store: Store;
  /** Where looks are remembered for longer than this process lives. */
  history?: Pick<History, 'add' | 'ask' | 'hasHistory' | 'uptime'>;
  clock: Clock;
  log: Log;
  /** Somebody looks at the dashboard. */
  watching: () => boolean;
  /** At most once a second, and only while somebody looks. */
  publish: (beats: ServiceBeat[]) => void;
}

/** The last looks at every service: in memory for people; all of them go on into the history. */
export function createBeats({ store, history, clock, log, watching, publish }: BeatsDeps) {
  const series = new Map<string, Series>();
  const days = createUptimeDays({ store, clock, log });
  let live: ServiceBeat[] = [];
  let timer: NodeJS.Timeout | null = null;

  const of = (service: string): Series => {
    let found = series.get(service);
    if (!found) {
      found = { ring: new BeatRing(ringSize), uptime: new Uptime() };
      series.set(service, found);
    }
    return found;
  };

  function tick(): void {
    if (live.length > 0 && watching()) publish(live);
    live = [];
  }

  return {
    add(service: string, beat: Beat): void {
      const { ring, uptime } = of(service);
      ring.push(beat);
      uptime.add(beat.ts, beat.state);
      days.add(service, beat.ts, beat.state);
      const named = { service, ...beat };
      live.push(named);
      // When it was looked, not when the answer came: so the times keep their pace. Whole milliseconds take two bytes less each.
      const lookedAt = Math.round(beat.ts - (beat.latency_ms ?? 0));
      history?.add('latency', service, lookedAt, beat.latency_ms, beat.state);
    },
    last: (service: string): Beat | undefined => of(service).ring.last(),
    bar: (service: string): Beat[] => of(service).ring.all(),
    uptime: (service: string): number | null =>
      history?.uptime('latency', service)?.day ?? of(service).uptime.share(clock.now()),
    /** Of 30 and 365 days; null while it is not known. */
    longUptime(service: string): { uptime_30d: number | null; uptime_1y: number | null } {
      const known = history?.uptime('latency', service);
      return { uptime_30d: known?.month ?? null, uptime_1y: known?.year ?? null };
    },
    /** Median and 99th percentile of the answers in the bar, milliseconds. */
    latency(service: string): { p50: number | null; p99: number | null } {
      const sorted = of(service)
        .ring.all()
        .flatMap(({ latency_ms }) => latency_ms ?? [])
        .toSorted((a, b) => a - b);
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
      return { p50: at(0.5), p99: at(0.99) };
    },
    forget(service: string): void {
      series.delete(service);
    },
    /** Brings back the bars of the last run. Their messages are not kept. */
    async load(services: readonly string[]): Promise<void> {
      if (!history?.hasHistory() || services.length === 0) return;
      try {
        const question = { name: 'latency', targets: services, limit: ringSize };
        for (const [at, samples] of (await history.ask('recent', question)).entries()) {
          const ring = new BeatRing(ringSize);
          for (const { ts, value, state } of samples)
            ring.push({
              ts: Math.round(ts + (value ?? 0)),
              state: sampleStates[state] ?? 'UNKNOWN',
              latency_ms: value,
            });
          of(services[at] ?? '').ring = ring;
        }
      } catch (thrown) {
        log.warn({ err: thrown }, 'The last looks could not be read; bars begin anew');
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
      await days.stop();
    },
  };
}

export type Beats = ReturnType<typeof createBeats>;
