import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { look, probe, reasonOf, tempFolder } from '../testing/check-rig.ts';

const folder = tempFolder();

it('fails while too many matching lines lie within its window, also over a rotation', async () => {
  const file = join(folder, 'app.log');
  writeFileSync(file, '[STUCK] old\n[STUCK] old\n');
  let ahead = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const one = probe({ type: 'log', file, contains: '[STUCK]', count: 2, within_s: 60 }, { clock });
  assert.deepEqual((await one.look(null)).facts, { lines: 0 });
  appendFileSync(file, 'S T U C K\n[STUCK] first\n');
  assert.deepEqual((await one.look(null)).facts, { lines: 1, last_line: '[STUCK] first' });
  renameSync(file, `${file}.1`);
  writeFileSync(file, '[STUCK] second\n');
  assert.equal(reasonOf(await one.look(null)), '2 lines matched within 60 s: [STUCK] second');
  ahead = 61_000;
  assert.ok((await one.look(null)).ok);
});

it('takes a regular expression as one only where it is said to be', async () => {
  const file = join(folder, 'b.log');
  writeFileSync(file, '');
  const one = probe({ type: 'log', file, matches: 'took \\d{4,} ms' });
  await one.look(null);
  appendFileSync(file, 'took 12 ms\ntook 4000 ms\n');
  assert.match(reasonOf(await one.look(null)), /a line matched within 60 s: took 4000 ms/);
});

it('follows what a supervised process prints, and cannot tell of one it did not start', async () => {
  const file = join(folder, 'own.log');
  writeFileSync(file, '');
  const one = probe({ type: 'log', contains: 'panic' }, { logFile: () => file });
  assert.ok((await one.look(null)).ok);
  appendFileSync(file, 'panic: boom api_key=abcdef0123456789abcdef\n');
  const found = await one.look(null);
  assert.ok(!found.ok && !reasonOf(found).includes('abcdef0123456789'), reasonOf(found));
  const other = await look({ type: 'log', contains: 'x' });
  assert.equal(!other.ok && other.ours, true);
});

it('cannot tell of a file that has never been there, and knows a rotated one from it', async () => {
  const file = join(folder, 'late.log');
  const one = probe({ type: 'log', file, contains: 'panic' });
  const before = await one.look(null);
  assert.deepEqual([reasonOf(before), !before.ok && before.ours], ['there is no such file yet', true]);
  writeFileSync(file, 'starting\n');
  assert.ok((await one.look(null)).ok);
  rmSync(file);
  assert.ok((await one.look(null)).ok);
  const wild = await look({ type: 'log', file: join(folder, 'none-*.log'), contains: 'panic' });
  assert.equal(reasonOf(wild), 'no file fits yet');
});

it('says of a file that is not there what it was told to say', async () => {
  const config = { type: 'log', file: join(folder, 'errors.log'), contains: 'panic' };
  assert.ok((await look({ ...config, missing: 'passes' })).ok);
  const found = await look({ ...config, missing: 'fails' });
  assert.deepEqual([reasonOf(found), !found.ok && found.ours], ['there is no such file yet', false]);
});
