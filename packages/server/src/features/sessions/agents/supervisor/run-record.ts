import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentKind } from '@vigiles/contract';
import { writeAtomic } from '../../../../platform/files/write-atomic.ts';

/** What is needed to find an agent again, or to start it anew where it stopped. Holds no token. */
export const RunRecord = z.object({
  session_id: z.string(),
  kind: AgentKind,
  command: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  folder: z.string(),
  model: z.string().nullable(),
  approvals: z.enum(['ask', 'full']),
  conversation: z.string().nullable(),
  memo: z.record(z.string(), z.unknown()),
  pid: z.number().nullable(),
  start_time: z.string().nullable(),
  device_id: z.string().nullable(),
  /** All that its model traffic ever came from; what it cost is summed up over them. */
  devices: z.array(z.string()).default([]),
  /** It was in the middle of a turn. */
  busy: z.boolean(),
});
export type RunRecord = z.output<typeof RunRecord>;

/** The book of agents that were started here: a file each, only for its owner. */
export function createRunBook(folder: string) {
  const pathOf = (sessionId: string): string =>
    join(folder, `${sessionId.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`);
  // One after the other per file: what was removed does not come back.
  const queues = new Map<string, Promise<unknown>>();
  async function inTurn(path: string, work: () => Promise<void>): Promise<void> {
    const now = (queues.get(path) ?? Promise.resolve()).catch(() => undefined).then(work);
    queues.set(path, now);
    const clear = (): void => {
      if (queues.get(path) === now) queues.delete(path);
    };
    now.then(clear, clear);
    return now;
  }
  return {
    write(record: RunRecord): Promise<void> {
      const text = `${JSON.stringify(record)}\n`;
      const path = pathOf(record.session_id);
      return inTurn(path, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeAtomic(path, text, 0o600);
      });
    },
    async all(): Promise<RunRecord[]> {
      const names = await readdir(folder).catch(() => []);
      const read = names
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => RunRecord.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))));
      return (await Promise.allSettled(read)).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      );
    },
    remove(sessionId: string): Promise<void> {
      const path = pathOf(sessionId);
      return inTurn(path, () => rm(path, { force: true }));
    },
  };
}
export type RunBook = ReturnType<typeof createRunBook>;
