import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';

const TABLE = resolve(import.meta.dirname, '../../../../../../docs/complaints.md');

const rowsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^\| *(?:\d+ *\||\| [^|]*(?:#\d|shannon \())|^\|.*\.test\.ts\)/.test(line));
const numbersOf = (rows: readonly string[]): number[] =>
  rows.flatMap((row) => Number(/^\| *(\d+)/.exec(row)?.[1] ?? Number.NaN)).filter(Number.isFinite);

/** The gateway’s table, the watchdog’s, the sessions’ and that of CI and services. */
const [gatewayRows = [], watchdogRows = [], sessionRows = [], serviceRows = []] = readFileSync(TABLE, 'utf8')
  .split('\n## ')
  .map(rowsOf);
const rows = [...gatewayRows, ...watchdogRows, ...sessionRows, ...serviceRows];

test('every complaint of the table names tests that exist, by file and title', () => {
  assert.ok(
    gatewayRows.length >= 28 &&
      watchdogRows.length >= 28 &&
      sessionRows.length >= 12 &&
      serviceRows.length >= 16,
    `${rows.length} rows`,
  );
  for (const row of rows) {
    const links = [...row.matchAll(/\[((?:[^\]\\]|\\.)+)\]\(([^)]+\.test\.ts)\)/g)];
    assert.ok(links.length > 0, `no test: ${row}`);
    for (const [, title = '', path = ''] of links) {
      const file = resolve(dirname(TABLE), path);
      assert.ok(existsSync(file), `${path} does not exist`);
      const quoted = ["'", '"', '`'].some((quote) =>
        readFileSync(file, 'utf8').includes(quote + title + quote),
      );
      assert.ok(quoted, `${path} has no test "${title}"`);
    }
  }
});

test('all twenty-five numbered complaints about gateways are in the table', () => {
  assert.deepEqual(
    numbersOf(gatewayRows),
    Array.from({ length: 25 }, (_, at) => at + 1),
  );
});

test('all twenty-five numbered complaints about CI and services are in the table, each once', () => {
  assert.deepEqual(
    numbersOf(serviceRows),
    Array.from({ length: 25 }, (_, at) => at + 1),
  );
});

test('the numbered complaints about watchdogs are in order, each once', () => {
  const numbers = numbersOf(watchdogRows);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
  );
  assert.ok(numbers.length >= 24);
});
