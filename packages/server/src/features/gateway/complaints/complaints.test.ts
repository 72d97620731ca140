import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';

const TABLE = resolve(import.meta.dirname, '../../../../../../docs/complaints.md');

const rows = readFileSync(TABLE, 'utf8')
  .split('\n')
  .filter((line) => /^\| *(?:\d+)? *\| [^|]*#\d+/.test(line));

test('every complaint of the table names tests that exist, by file and title', () => {
  assert.ok(rows.length >= 28, `${rows.length} rows`);
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

test('all twenty-five numbered complaints are in the table', () => {
  const numbers = rows.flatMap((row) => /^\| *(\d+)/.exec(row)?.[1] ?? []);
  assert.deepEqual(
    numbers,
    Array.from({ length: 25 }, (_, at) => String(at + 1)),
  );
});
