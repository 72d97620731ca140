import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRedactor } from '../secrets/index.ts';
import { createFileLog } from './index.ts';

const homes: string[] = [];
after(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});
const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-log-'));
  homes.push(home);
  return home;
};

async function linesOf(path: string, count: number): Promise<Record<string, unknown>[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    let text = '';
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      // Not opened yet.
    }
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length >= count) return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(Date.now() < deadline, `only ${lines.length} of ${count} lines arrived`);
    await delay(20);
  }
}

const start = Date.UTC(2026, 10, 20, 12);

test('a secret never reaches the file: not by field, not by value, not by shape, not in an error', async () => {
  const redactor = createRedactor();
  redactor.register('marked-value');
  const sink = createFileLog({ home: newHome(), level: 'debug', keep: { days: 3 }, redactor });
  sink.log.info(
    { api_key: 'abc123', nested: { cookie: 'abc123' }, why: 'has marked-value' },
    'marked-value seen',
  );
  sink.log.child({ token: 'abc123' }).error({ err: new Error('sk-abcdefghijkl marked-value') }, 'failed');
  const lines = await linesOf(sink.path(), 2);
  const text = readFileSync(sink.path(), 'utf8');
  for (const secret of ['marked-value', 'abc123', 'sk-abc']) assert.ok(!text.includes(secret), secret);
  assert.equal(JSON.stringify(lines[1]?.['err']).includes('"type":"Error"'), true);
  assert.equal(statSync(sink.path()).mode & 0o777, 0o600);
  sink.close();
});

test('midnight starts a new file, and old ones of this log go', async () => {
  const home = newHome();
  let now = start;
  const clock = { now: () => now, monotonic: () => now };
  const sink = createFileLog({ home, level: 'info', keep: { days: 2 }, redactor: createRedactor(), clock });
  const folder = join(home, 'logs');
  for (const name of ['vigiles-2026-11-01.log', 'vigiles-notes.log', 'gateway-2026-11-01.log'])
    writeFileSync(join(folder, name), '');
  sink.log.info({}, 'first day');
  const first = sink.path();
  await linesOf(first, 1);
  now += 86_400_000;
  sink.log.info({}, 'second day');
  const [line] = await linesOf(sink.path(), 1);
  assert.equal(line?.['msg'], 'second day');
  assert.notEqual(sink.path(), first);
  const deadline = Date.now() + 5000;
  while (readdirSync(folder).includes('vigiles-2026-11-01.log')) {
    assert.ok(Date.now() < deadline, 'the old file is still there');
    await delay(20);
  }
  assert.deepEqual(readdirSync(folder).sort(), [
    'gateway-2026-11-01.log',
    'vigiles-2026-11-20.log',
    'vigiles-2026-11-21.log',
    'vigiles-notes.log',
  ]);
  sink.close();
});

test('a file that is full is followed by another part of its day, and all together stay within their size', async () => {
  const home = newHome();
  const folder = join(home, 'logs');
  const clock = { now: () => start, monotonic: () => start };
  const redactor = createRedactor();
  const keep = { days: 2, fileBytes: 1000, totalBytes: 3000 };
  const sink = createFileLog({ home, level: 'info', keep, redactor, clock });
  for (let i = 0; i < 40; i += 1) sink.log.info({ i, text: 'x'.repeat(120) }, 'line');
  sink.close();
  const size = (name: string) => statSync(join(folder, name)).size;
  const deadline = Date.now() + 30_000;
  while (readdirSync(folder).reduce((sum, name) => sum + size(name), 0) > 3000) {
    assert.ok(Date.now() < deadline, 'too much is kept');
    await delay(20);
  }
  const kept = readdirSync(folder);
  assert.ok(
    kept.every((name) => /^vigiles-2026-11-20\.\d+\.log$/.test(name) && size(name) <= 1000),
    kept.join(' '),
  );
  const again = createFileLog({ home, level: 'info', keep, redactor, clock });
  const last = Math.max(...kept.map((name) => Number(name.split('.')[1])));
  assert.equal(
    again.path(),
    join(folder, `vigiles-2026-11-20.${last}.log`),
    'a new start goes on with the last part',
  );
  again.close();
});

test('the level can be changed while running', async () => {
  const sink = createFileLog({
    home: newHome(),
    level: 'warn',
    keep: { days: 1 },
    redactor: createRedactor(),
  });
  sink.log.info({}, 'hidden');
  sink.setLevel('debug');
  sink.log.debug({}, 'shown');
  assert.deepEqual(
    (await linesOf(sink.path(), 1)).map((line) => line['msg']),
    ['shown'],
  );
  sink.close();
});

test('what was logged just before the process ends is on disk', async () => {
  const home = newHome();
  const here = JSON.stringify(import.meta.resolve('./index.ts'));
  const secrets = JSON.stringify(import.meta.resolve('../secrets/index.ts'));
  const script = `
    const { createFileLog } = await import(${here});
    const { createRedactor } = await import(${secrets});
    const sink = createFileLog({ home: ${JSON.stringify(home)}, level: 'info', keep: { days: 1 }, redactor: createRedactor() });
    setTimeout(() => { for (let i = 0; i < 500; i += 1) sink.log.info({ i }, 'line'); process.exit(3); }, 100);`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(run.status, 3, run.stderr);
  const [file] = readdirSync(join(home, 'logs'));
  const lines = await linesOf(join(home, 'logs', file ?? ''), 500);
  assert.equal(lines.at(-1)?.['i'], 499);
});
