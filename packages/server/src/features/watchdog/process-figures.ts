import { readdir } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.ts';
import { identityKey, type ProcessInfo } from '../../platform/process/index.ts';
import type { Series } from '../series/index.ts';
import { createGrowth, type Growth } from './core/growth.ts';

/** Open files are counted with every so many samples: it takes a system call for each of them. */
const fdsEvery = 6;
/** Growth is what lasts over an hour. */
const growthWindowMs = 3_600_000;
const megabyte = 1_048_576;

interface Before {
  key: string;
  cpuMs: number;
  at: number;
  samples: number;
  growth: Growth;
}

/** Takes one figure, for the rules: memory_mb, growth_mb_per_h, cpu_percent, fds, threads. */
export type TellFigure = (metric: string, value: number) => void;

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** What processes use, as figures of the history and as signals: memory and its growth, share of a CPU, files, threads. */
export function createProcessFigures({
  history,
  clock,
}: {
  history: Pick<Series, 'add'> | null;
  clock: Clock;
}) {
  const before = new Map<string, Before>();

  async function countFiles(service: string, pid: number, tell: TellFigure): Promise<void> {
    try {
      const { length } = await readdir(`/proc/${pid}/fd`);
      history?.add('fds', service, clock.now(), length);
      tell('fds', length);
    } catch {
      // Gone meanwhile, not ours to look into, or no /proc.
    }
  }

  return {
    /** To be called with what was just read of a service's process; null: none runs. */
    take(service: string, info: ProcessInfo | null, tell: TellFigure): void {
      if (!info) {
        before.delete(service);
        return;
      }
      const key = identityKey(info.identity);
      const at = clock.monotonic();
      const last = before.get(service);
      const same = last?.key === key ? last : null;
      const growth = same?.growth ?? createGrowth(growthWindowMs);
      const samples = same ? same.samples + 1 : 0;
      before.set(service, { key, cpuMs: info.cpuMs, at, samples, growth });

      history?.add('memory', service, clock.now(), info.rssBytes);
      tell('memory_mb', Math.round(info.rssBytes / megabyte));
      growth.add(at, info.rssBytes / megabyte);
      const perHour = growth.perHour();
      if (perHour !== null) tell('growth_mb_per_h', rounded(perHour));
      if (info.threads !== null) tell('threads', info.threads);
      if (same && at > same.at) {
        const percent = Math.max(0, ((info.cpuMs - same.cpuMs) / (at - same.at)) * 100);
        history?.add('cpu', service, clock.now(), percent);
        tell('cpu_percent', rounded(percent));
      }
      if (samples % fdsEvery === 0) void countFiles(service, info.identity.pid, tell);
    },
    forget(service: string): void {
      before.delete(service);
    },
  };
}

export type ProcessFigures = ReturnType<typeof createProcessFigures>;
