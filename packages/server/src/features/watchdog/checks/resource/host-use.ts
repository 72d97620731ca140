import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, loadavg, totalmem } from 'node:os';
import type { CheckFacts } from '@vigiles/contract';
import type { ConfigOf } from '../define-check.ts';

const megabyte = 1_048_576;
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** CPU time of all cores since boot: busy and altogether, in the same unit. */
function cpuTimes(): { busy: number; all: number } {
  const sum = { busy: 0, all: 0 };
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    sum.all += all;
    sum.busy += all - times.idle;
  }
  return sum;
}

/** Memory that programs can still get: caches count as available. */
async function availableBytes(): Promise<number> {
  try {
    const found = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'));
    if (found) return Number(found[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}

/** What this machine uses; a sentence when the disk cannot be measured. */
export function prepareHostUse(config: ConfigOf<'resource'>): () => Promise<CheckFacts | string> {
  let before: { busy: number; all: number } | null = null;
  return async () => {
    const now = cpuTimes();
    const earlier = before;
    before = now;
    const facts: CheckFacts = {
      memory_percent: rounded(100 * (1 - (await availableBytes()) / totalmem())),
      load_per_core: rounded((loadavg()[0] ?? 0) / availableParallelism()),
    };
    if (earlier && now.all > earlier.all)
      facts['cpu_percent'] = rounded((100 * (now.busy - earlier.busy)) / (now.all - earlier.all));
    try {
      const disk = await statfs(config.disk);
      facts['disk_free_mb'] = Math.floor((disk.bavail * disk.bsize) / megabyte);
      facts['disk_free_percent'] = rounded((100 * disk.bavail) / Math.max(1, disk.blocks));
      if (disk.files > 0) facts['inodes_free_percent'] = rounded((100 * disk.ffree) / disk.files);
    } catch (thrown) {
      return `the disk of ${config.disk} cannot be measured: ${(thrown as NodeJS.ErrnoException).code ?? ''}`;
    }
    return facts;
  };
}
