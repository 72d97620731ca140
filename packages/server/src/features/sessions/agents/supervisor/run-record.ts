import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentKind } from '@vigiles/contract';
import { writeAtomic } from '../../../../platform/files/write-atomic.ts';

const TokenCounts = z.object({
  inputTokens: z.number().default(0),
  cachedInputTokens: z.number().default(0),
  outputTokens: z.number().default(0),
  reasoningTokens: z.number().default(0),
});

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
  /** Tokens of the processes before this one, and as this one counts them. */
  counted: z.object({ before: TokenCounts.prefault({}), latest: TokenCounts.prefault({}) }).prefault({}),
  /** It was in the middle of a turn. */
  busy: z.boolean(),
});
export type RunRecord = z.output<typeof RunRecord>;

/** Goes on counting from here: what is told next begins at nothing. */
export function countAnew({ counted: { before, latest } }: Pick<RunRecord, 'counted'>): void {
  for (const name of Object.keys(TokenCounts.shape) as (keyof typeof latest)[]) {
    before[name] += latest[name];
    latest[name] = 0;
  }
}

/** What its agent counts now, as a total of its session. */
export function totalOf<Usage extends z.output<typeof TokenCounts>>(
  { counted }: Pick<RunRecord, 'counted'>,
  usage: Usage,
): Usage {
  counted.latest = TokenCounts.parse(usage);
  const total = { ...usage };
  for (const name of Object.keys(TokenCounts.shape) as (keyof z.output<typeof TokenCounts>)[])
    total[name] += counted.before[name];
  return total;
}

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
