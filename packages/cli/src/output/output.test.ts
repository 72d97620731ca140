/* oxlint-disable no-control-regex -- control characters are what these tests are about */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { noticeOf } from '../console/notices.ts';
import { logLine } from '../views/logs.ts';
import { clean, clip } from './clean.ts';
import { suggestion } from './suggestion.ts';
import { table } from './table.ts';
import { ago, duration } from './units.ts';
import { fit, widthOf } from './width.ts';
import { wrap } from './wrap.ts';

const hostile =
  'a\u001B[2J\u001B[31mred\u001B]0;title\u0007\u001B]52;c;AAAA\u001B\\b\u009B5mc\r\nnew\u0008\u202Eevil';

const isHarmless = (text: string) => {
  assert.ok(
    !/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/.test(stripVTControlCharacters(text)),
    JSON.stringify(text),
  );
  assert.ok(!/title|\u001B\]|\u001B\[2J/.test(text), JSON.stringify(text));
};

test('escape sequences, control and direction characters of others are taken out', () => {
  isHarmless(clean(hostile));
  assert.equal(clean('plain é 漢字 😀'), 'plain é 漢字 😀');
});

test('hostile text in log lines, notices and tables cannot reach the terminal', () => {
  isHarmless(
    logLine({
      ts: 0,
      level: 'info',
      log: hostile,
      category: hostile,
      message: hostile,
      data: { [hostile]: hostile },
    }),
  );
  const event = { seq: 1, id: 'e', ts: 0, actor: 'a', subject: 's' };
  const data = { severity: 'critical', title: hostile, message: hostile, incident_id: null };
  isHarmless(noticeOf({ ...event, type: 'alert.raised', data }) ?? '');
  isHarmless(table([{ title: 'A' }], [[hostile]]).replaceAll('\n', ' '));
});

test('a table fits the terminal by shortening what may be shortened', () => {
  const rows = [['name', 'x'.repeat(300), 'id-123456']];
  const drawn = table([{ title: 'NAME' }, { title: 'WHY', flexible: true }, { title: 'ID' }], rows, 60);
  for (const line of drawn.split('\n')) assert.ok(stripVTControlCharacters(line).length <= 60, line);
  assert.match(drawn, /id-123456/);
});

test('wide characters, marks and colours are counted as a terminal shows them', () => {
  assert.deepEqual(
    ['abc', '漢字', '😀', '👩‍👩‍👧', 'e\u0301', '\u001B[31mred\u001B[39m', '…'].map(widthOf),
    [3, 4, 2, 2, 1, 3, 1],
  );
  assert.equal(fit('漢字漢字', 5), '漢字…');
  assert.equal(fit('漢字漢字', 6), '漢字…');
  assert.equal(fit('short', 5), 'short');
  assert.equal(stripVTControlCharacters(fit('\u001B[31mlonger\u001B[39m', 4)), 'lon…');
});

test('a table fits every width, wide characters or not; what is optional goes first', () => {
  const columns = [
    { title: 'NAME', flexible: true },
    { title: 'STATE' },
    { title: 'PID', optional: true },
    { title: 'WHY', flexible: true },
  ];
  const rows = [
    ['gateway-of-the-house', 'up', '12345', 'answers on port 8766 within 3 ms'],
    ['漢字漢字漢字漢字漢字', 'down', '–', '漢字 '.repeat(20)],
  ];
  for (const width of [16, 24, 40, 60, 80, 200]) {
    for (const line of table(columns, rows, width).split('\n'))
      assert.ok(widthOf(line) <= width, `${width}: ${line}`);
  }
  assert.match(table(columns, rows, 80), /12345/);
  assert.doesNotMatch(table(columns, rows, 30), /12345|PID/);
  assert.match(table(columns, rows, 30), /…/);
});

test('durations name their two largest units', () => {
  assert.deepEqual([0, 59, 61, 3600, 90_061].map(duration), ['0 s', '59 s', '1 min 1 s', '1 h', '1 d 1 h']);
});

test('a near word is suggested, a far one is not', () => {
  assert.match(suggestion('statsu', ['status', 'services']), /status/);
  assert.equal(suggestion('xyzzy', ['status', 'services']), '');
});

test('clipping counts characters, not code units', () => {
  assert.equal(clip('😀😀😀', 2), '😀…');
});

test('a line that is too long is broken between words, what follows is indented, and nothing is lost', () => {
  const line =
    '19:03:41 ✖ failed CI main build: \u001B[2mTypeScript does not compile\u001B[22m http://127.0.0.1:33375/octo/hello/actions/runs/1000003';
  const rows = wrap(line, 40).split('\n');
  for (const row of rows.slice(0, -1)) assert.ok(widthOf(row) <= 40, row);
  assert.ok(rows.slice(1).every((row) => row.startsWith('  ')));
  assert.equal(rows.map((row) => row.trim()).join(' '), line);
  assert.equal(wrap(line, 0), line);
  assert.equal(wrap('  short\n  lines', 40), '  short\n  lines');
});

test('how long ago something was is told in its largest unit', () => {
  assert.equal(ago(0, 98_000), '1 min ago');
  assert.equal(ago(0, 9_000), '9 s ago');
  assert.equal(ago(5, 0), '0 s ago');
});
