import { readdir } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.ts';
import { identityKey, type ProcessInfo } from '../../platform/process/index.ts';
import type { Series } from '../series/index.ts';

/** Open files are counted with every so many samples: it takes a system call for each of them. */
const fdsEvery = 6;

interface Before {
  key: string;
  cpuMs: number;
  at: number;
  samples: number;
}

/** What processes use, as figures of the history: memory, share of a CPU, open files. */
export function createProcessFigures({
  history,
  clock,
}: {
  history: Pick<Series, 'add'> | null;
  clock: Clock;
}) {
  const before = new Map<string, Before>();

  async function countFiles(service: string, pid: number): Promise<void> {
    try {
      const { length } = await readdir(`/proc/${pid}/fd`);
      history?.add('fds', service, clock.now(), length);
    } catch {
      // Gone meanwhile, not ours to look into, or no /proc.
    }
  }

  return {
    /** To be called with what was just read of a service's process; null: none runs. */
    take(service: string, info: ProcessInfo | null): void {
      if (!history || !info) {
        before.delete(service);
        return;
      }
      const key = identityKey(info.identity);
      const at = clock.monotonic();
      const last = before.get(service);
      const same = last?.key === key ? last : null;
      history.add('memory', service, clock.now(), info.rssBytes);
      if (same && at > same.at)
        history.add(
          'cpu',
          service,
          clock.now(),
          Math.max(0, ((info.cpuMs - same.cpuMs) / (at - same.at)) * 100),
        );
      const samples = same ? same.samples + 1 : 0;
      if (samples % fdsEvery === 0) void countFiles(service, info.identity.pid);
      before.set(service, { key, cpuMs: info.cpuMs, at, samples });
    },
    forget(service: string): void {
      before.delete(service);
    },
  };
}

export type ProcessFigures = ReturnType<typeof createProcessFigures>;
