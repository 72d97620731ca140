import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { VigilesEvent, Turn } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Component } from '../../../kernel/lifecycle.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Series } from '../series.ts';
import { createHostLook } from './host.ts';
import { createTurnFigures } from './turns.ts';

export interface FiguresDeps {
  series: Pick<Series, 'add'>;
  /** On the disk that is watched. */
  home: string;
  clock: Clock;
  log: Log;
  /** Whether this machine is looked at. */
  host(): boolean;
  subscribe(handler: (event: VigilesEvent) => void): () => void;
  everyMs?: number;
}

/** How often the event loop is asked whether it is late: each time it wakes up for nothing else. */
const lagEveryMs = 100;

/** Feeds the history with what no service tells of: this machine, this process, and turns by provider. */
export function createFigures(deps: FiguresDeps): Component {
  const { series, home, clock, log, host, subscribe, everyMs = 10_000 } = deps;
  const look = createHostLook(home);
  const turns = createTurnFigures(series);
  const lag = monitorEventLoopDelay({ resolution: lagEveryMs });
  let timer: NodeJS.Timeout | null = null;
  let unsubscribe = () => {};

  async function take(): Promise<void> {
    const now = clock.now();
    turns.flush(now);
    if (!host()) return;
    // The histogram counts the timer's own wait.
    series.add('control.lag', 'control', now, Math.max(0, lag.percentile(99) / 1e6 - lagEveryMs));
    lag.reset();
    series.add('control.memory', 'control', now, process.memoryUsage.rss());
    const { cpu, memory, load, disk } = await look();
    if (cpu !== null) series.add('host.cpu', 'host', now, cpu);
    series.add('host.memory', 'host', now, memory);
    series.add('host.load', 'host', now, load);
    if (disk !== null) series.add('host.disk', 'host', now, disk);
  }

  return {
    name: 'figures',
    start() {
      lag.enable();
      unsubscribe = subscribe((event) => {
        if (event.type === 'turn.settled') turns.settled((event.data as { turn: Turn }).turn);
      });
      timer = setInterval(() => {
        take().catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'Figures of this machine could not be read'),
        );
      }, everyMs).unref();
    },
    stop() {
      unsubscribe();
      lag.disable();
      if (timer) clearInterval(timer);
      turns.flush(clock.now());
    },
  };
}
