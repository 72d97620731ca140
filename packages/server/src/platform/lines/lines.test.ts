import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { blockBytes, longestLineBytes } from './file-line.ts';
import { linesBack, linesOn } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-lines-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'a.log');

async function back(before: number | null = null): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of linesBack(path, before)) found.push(text);
  return found;
}

test('lines come last first, a half-written one is left out, and a file that is not there has none', async () => {
  for (const [written, expected] of [
    ['', []],
    ['\n', ['']],
    ['no end', []],
    ['one\n', ['one']],
    ['\none\n\ntwo\r\nhalf', ['two', '', 'one', '']],
  ] as const) {
    writeFileSync(path, written);
    assert.deepEqual(await back(), expected, JSON.stringify(written));
  }
  rmSync(path);
  assert.deepEqual(await back(), []);
});

test('lines that lie across blocks are whole, with their places', async () => {
  const lines = Array.from({ length: 400 }, (_, i) => `${i} ${'é'.repeat((i * 97) % 1500)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  assert.deepEqual(await back(), lines.toReversed());
  const ends: number[] = [];
  for await (const { end } of linesBack(path, null)) ends.push(end);
  const middle = ends[200] ?? 0;
  assert.deepEqual(await back(middle), lines.toReversed().slice(200));
});

test('of a line without end only its beginning is kept, and the lines around it are whole', async () => {
  writeFileSync(path, `first\n${'x'.repeat(longestLineBytes * 3)}\nlast\n`);
  const [last, long = '', first] = await back();
  assert.deepEqual([last, first], ['last', 'first']);
  assert.match(long, /^x+…$/);
  assert.ok(long.length <= longestLineBytes + blockBytes + 1);
});

test('reading on gives each whole line once, and a line without end in pieces', async () => {
  writeFileSync(path, 'one\ntw');
  const handle = await open(path, 'r');
  try {
    const first = await linesOn(handle, 0);
    assert.deepEqual(
      first.lines.map(({ text }) => text),
      ['one'],
    );
    assert.deepEqual(await linesOn(handle, first.next), { lines: [], next: 4 });
    appendFileSync(path, 'o\n');
    const second = await linesOn(handle, first.next);
    assert.deepEqual(second.lines, [{ start: 4, end: 8, text: 'two' }]);
    appendFileSync(path, 'y'.repeat(longestLineBytes * 2));
    const piece = await linesOn(handle, second.next);
    assert.equal(piece.lines.length, 1);
    assert.ok(piece.next > second.next);
  } finally {
    await handle.close();
  }
});
