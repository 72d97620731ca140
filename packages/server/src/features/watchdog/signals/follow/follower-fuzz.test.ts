import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createFollower } from './follower.ts';
import type { Follower, SavedPosition } from './follower-types.ts';
import { linesOf } from './line-block.ts';

/** Mulberry32: the same seed, the same story. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const keep = 4;

/**
 * One log, its writer, and whoever rotates it. Lines are numbered. What the writer itself loses (written between a copy and
 * the emptying, or in a file that was deleted before anybody looked) may be seen or not; all else exactly once.
 */
async function story(
  seed: number,
  steps: number,
): Promise<{ written: number; maybe: number; restarts: number }> {
  const random = randomOf(seed);
  const folder = mkdtempSync(join(tmpdir(), 'follow-fuzz-'));
  const path = join(folder, 'app.log');
  const seen = new Map<string, number>();
  const log: string[] = [];
  const must = new Set<string>();
  const may = new Set<string>();
  /** Lines by file name of those that nobody has looked at yet. */
  let unseen = new Map<string, string[]>();
  let writer = openSync(path, 'a');
  let writesTo = 'app.log';
  let number = 0;
  let half = '';
  let restarts = 0;
  let positions: readonly SavedPosition[] = [];
  let follower: Follower | null = null;
  const busy: Promise<void>[] = [];

  const start = async (): Promise<void> => {
    follower = createFollower(
      { path: random(2) === 0 && restarts === 0 ? join(folder, 'app.log*') : path, from: 'start' },
      {
        log: silentLog,
        clock: systemClock,
        positions,
        pollMs: 3_600_000,
        closeAfterMs: 3_600_000,
        onLines(block) {
          for (const line of linesOf(block)) seen.set(line, (seen.get(line) ?? 0) + 1);
        },
      },
    );
    await follower.start();
  };
  const write = (text: string): void => void writeSync(writer, text);
  const line = (): string => {
    const text = `seed ${seed} line ${(number += 1)} ${'.'.repeat(random(20) === 0 ? random(3000) : random(40))}`;
    must.add(text);
    unseen.set(writesTo, [...(unseen.get(writesTo) ?? []), text]);
    return text;
  };
  const moveMarks = (from: string, to: string): void => {
    unseen.set(to, unseen.get(from) ?? []);
    unseen.delete(from);
    if (writesTo === from) writesTo = to;
  };
  const lose = (name: string): void => {
    for (const text of unseen.get(name) ?? []) {
      must.delete(text);
      may.add(text);
    }
    unseen.delete(name);
  };
  const shift = (): void => {
    if (existsSync(`${path}.${keep}`)) {
      rmSync(`${path}.${keep}`);
      lose(`app.log.${keep}`);
    }
    for (let at = keep - 1; at >= 1; at -= 1)
      if (existsSync(`${path}.${at}`)) {
        renameSync(`${path}.${at}`, `${path}.${at + 1}`);
        moveMarks(`app.log.${at}`, `app.log.${at + 1}`);
      }
  };
  const reopen = (): void => {
    if (half !== '') write('\n');
    half = '';
    closeSync(writer);
    writer = openSync(path, 'a');
    writesTo = 'app.log';
  };

  const actions: Record<string, () => void | Promise<void>> = {
    write: () =>
      write(`${half === '' ? '' : '\n'}${Array.from({ length: 1 + random(6) }, line).join('\n')}\n`),
    half() {
      if (half !== '') return;
      half = line();
      write(half);
    },
    whole() {
      if (half !== '') write('\n');
      half = '';
    },
    rename() {
      if (writesTo !== 'app.log') return reopen();
      shift();
      renameSync(path, `${path}.1`);
      moveMarks('app.log', 'app.log.1');
      if (random(3) > 0) reopen();
    },
    copytruncate() {
      if (writesTo !== 'app.log' || half !== '') return;
      shift();
      copyFileSync(path, `${path}.1`);
      const copied = [...(unseen.get('app.log') ?? [])];
      if (random(3) === 0) {
        write(`${line()}\n`);
        // Written between the copy and the emptying: the writer's own loss.
        unseen.set('app.log', (unseen.get('app.log') ?? []).slice(copied.length));
        lose('app.log');
      }
      truncateSync(path, 0);
      unseen.set('app.log.1', copied);
      unseen.set('app.log', []);
    },
    copyAlone: () => appendFileSync(join(folder, 'app.log.2.gz'), 'not ours'),
    async look() {
      await follower?.poll();
      unseen = new Map();
    },
    lookBeside: () => void busy.push(follower?.poll() ?? Promise.resolve()),
    async restart() {
      await follower?.stop();
      positions = JSON.parse(JSON.stringify(follower?.positions() ?? [])) as SavedPosition[];
      restarts += 1;
      await start();
    },
  };
  const weights: [string, number][] = [
    ['write', 40],
    ['half', 8],
    ['whole', 8],
    ['rename', 6],
    ['copytruncate', 6],
    ['copyAlone', 1],
    ['look', 16],
    ['lookBeside', 10],
    ['restart', 3],
  ];
  const bag = weights.flatMap(([name, count]) => Array.from({ length: count }, () => name));
  // The live file is first looked at while it is empty, so that no generation can be older than our watch.
  await start();
  await follower!.poll();
  try {
    for (let step = 0; step < steps; step += 1) {
      const name = bag[random(bag.length)] ?? 'write';
      log.push(name);
      await actions[name]?.();
    }
    await actions['whole']?.();
    await Promise.all(busy);
    await follower!.poll();
    await follower!.poll();
  } finally {
    await follower!.stop();
    closeSync(writer);
    rmSync(folder, { recursive: true, force: true });
  }
  const told = `seed ${seed}: ${log.join(' ')}`;
  for (const text of must)
    assert.equal(seen.get(text), 1, `${text.slice(0, 40)} was seen ${seen.get(text) ?? 0} times; ${told}`);
  for (const text of may) assert.ok((seen.get(text) ?? 0) <= 1, `${text.slice(0, 40)} was repeated; ${told}`);
  for (const [text] of seen)
    assert.ok(text === '' || must.has(text) || may.has(text), `never written: ${text.slice(0, 60)}; ${told}`);
  return { written: must.size, maybe: may.size, restarts };
}

test('through random writes, rotations, copies, looks and restarts every line is seen exactly once', async () => {
  const begin = Number(process.env['FUZZ_SEED'] ?? 1);
  const count = Number(process.env['FUZZ_RUNS'] ?? 25);
  const sum = { written: 0, maybe: 0, restarts: 0 };
  for (let seed = begin; seed < begin + count; seed += 1) {
    const { written, maybe, restarts } = await story(seed, 120);
    sum.written += written;
    sum.maybe += maybe;
    sum.restarts += restarts;
  }
  // The stories must be about something.
  assert.ok(sum.written > 50 * count && sum.restarts > count, JSON.stringify(sum));
  assert.ok(sum.maybe < sum.written / 4, JSON.stringify(sum));
});
