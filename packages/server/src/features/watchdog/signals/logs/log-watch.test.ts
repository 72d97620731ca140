import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { silentLog } from '../../../../kernel/log.ts';
import type { LogPattern } from '../match/pattern.ts';
import { createLogWatch, type LogWatch } from './log-watch.ts';
import type { LogSighting, WatchedLog } from './log-watch-types.ts';
import { createLineGatherer, createUnframer } from './stream-lines.ts';

const refused: LogPattern = { id: 'refused', kind: 'literal', pattern: 'Connection refused' };

async function rigOf(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'log-watch-'));
  const path = join(home, 'app.log');
  const sightings: LogSighting[] = [];
  const open: LogWatch[] = [];
  const logs: WatchedLog[] = [
    { id: 'app', names: ['app', 'service:api'], format: 'auto', from: 'end', kind: 'file', where: path },
  ];
  t.after(async () => {
    for (const watch of open) await watch.stop();
    await rm(home, { recursive: true, force: true });
  });
  const start = (): LogWatch => {
    const watch = createLogWatch({
      home,
      log: silentLog,
      onSighting: (sighting) => void sightings.push(sighting),
      redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    });
    open.push(watch);
    return watch;
  };
  return { home, path, sightings, logs, start };
}

test('lines are found in a thread, once, also over a restart', async (t) => {
  const { home, path, sightings, logs, start } = await rigOf(t);
  await writeFile(path, 'Connection refused before us\n');
  const watch = start();
  watch.wish('catalogue', { logs, patterns: [refused] });
  await watch.look();
  await appendFile(path, '{"level":"error","msg":"Connection refused with hunter2"}\nfine\n');
  await watch.look();
  assert.equal(sightings.length, 1);
  assert.equal(sightings[0]?.level, 'error');
  assert.match(sightings[0]?.line ?? '', /with \[redacted\]/);
  await watch.stop();
  const kept = join(home, 'watchdog', 'log-positions.json');
  assert.equal((await stat(kept)).mode & 0o777, 0o600);
  assert.match(await readFile(kept, 'utf8'), /"live"/);
  await appendFile(path, 'Connection refused while away\n');
  const next = start();
  next.wish('catalogue', { logs, patterns: [refused] });
  await next.look();
  assert.deepEqual(
    sightings.map(({ line }) => line.includes('while away')),
    [false, true],
  );
});

test('what is wished for changes without a line being read twice', async (t) => {
  const { path, sightings, logs, start } = await rigOf(t);
  await writeFile(path, '');
  const watch = start();
  watch.wish('catalogue', { logs, patterns: [refused] });
  await watch.look();
  await appendFile(path, 'Connection refused 1\n');
  await watch.look();
  watch.wish('check', { logs, patterns: [{ id: 'two', kind: 'regex', pattern: 'refused [23]' }] });
  await appendFile(path, 'Connection refused 2\n');
  await watch.look();
  watch.wish('catalogue', { logs: [], patterns: [] });
  await appendFile(path, 'Connection refused 3\n');
  await watch.look();
  assert.deepEqual(
    sightings.map(({ pattern, line }) => `${pattern} ${line.at(-1)}`),
    ['refused 1', 'refused 2', 'two 2', 'two 3'],
  );
});

test('a storm of lines is counted, not sent one by one', async (t) => {
  const { path, sightings, logs, start } = await rigOf(t);
  await writeFile(path, '');
  const watch = start();
  watch.wish('catalogue', { logs, patterns: [refused] });
  await watch.look();
  await appendFile(path, 'Connection refused\n'.repeat(50_000));
  await watch.look();
  assert.equal(
    sightings.reduce((sum, { times }) => sum + times, 0),
    50_000,
  );
  assert.ok(sightings.length < 500, `${sightings.length}`);
});

test('streams are gathered to whole lines, and frames of containers are taken off', async () => {
  const blocks: string[] = [];
  const gather = createLineGatherer(async (bytes) => void blocks.push(bytes.toString()));
  const take = createUnframer(gather);
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const all = Buffer.concat([frame(1, 'one\ntw'), frame(2, 'o\nthr'), frame(1, `ee\n${'x'.repeat(70_000)}`)]);
  for (let at = 0; at < all.length; at += 7) await take(all.subarray(at, at + 7));
  await take(frame(1, 'rest\nlast\n'));
  assert.deepEqual(
    blocks.map((block) => (block.length > 100 ? block.length : block)),
    ['one\n', 'two\n', 'three\n', 65_537, 'last\n'].map((block) =>
      block === 65_537 ? blocks[3]?.length : block,
    ),
  );
  assert.ok((blocks[3]?.length ?? 0) >= 65_536);
});
