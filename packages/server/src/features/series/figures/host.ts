import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';

/** What this machine uses. Percent, and the load of the last minute. */
export interface HostFigures {
  /** Null for the first time: it takes two looks. */
  cpu: number | null;
  memory: number;
  load: number;
  /** Of the disk that holds the folder; null where nobody can tell. */
  disk: number | null;
}

/** @param folder on the disk that is looked at */
export function createHostLook(folder: string): () => Promise<HostFigures> {
  let before: { busy: number; all: number } | null = null;
  return async () => {
    const now = { busy: 0, all: 0 };
    for (const { times } of cpus()) {
      const all = times.user + times.nice + times.sys + times.idle + times.irq;
      now.all += all;
      now.busy += all - times.idle;
    }
    const cpu =
      before && now.all > before.all ? ((now.busy - before.busy) / (now.all - before.all)) * 100 : null;
    before = now;
    const disk = await statfs(folder).then(
      // As df counts: what only root may use is neither used nor free.
      ({ blocks, bfree, bavail }) => ((blocks - bfree) / Math.max(1, blocks - bfree + bavail)) * 100,
      () => null,
    );
    return { cpu, memory: (1 - freemem() / totalmem()) * 100, load: loadavg()[0] ?? 0, disk };
  };
}
