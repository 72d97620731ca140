import assert from 'node:assert/strict';
import test from 'node:test';
import { parseJsonPath, selectJson } from './json-path.ts';
import { askJson, jsonPredicateProblem, momentOf, type JsonPredicate } from './json-predicate.ts';
import { expiredToken, pidsIn, stalePort } from './state-facts.ts';
import { createRateWindows } from './windows.ts';

const document = { a: { b: [1, 2, { c: 'x' }], 'odd.name': true }, list: [{ c: 'y' }, { c: null }], n: '12' };
const at = (path: string) => selectJson(document, parseJsonPath(path) ?? assert.fail(path));

test('a path leads to names, places, everything, and any depth', () => {
  assert.deepEqual(at('$.a.b[0]'), [1]);
  assert.deepEqual(at('a.b[-1].c'), ['x']);
  assert.deepEqual(at("$.a['odd.name']"), [true]);
  assert.deepEqual(at('list[*].c'), ['y', null]);
  assert.deepEqual(new Set(at('$..c')), new Set(['x', 'y', null]));
  assert.deepEqual(at('$'), [document]);
  assert.deepEqual(at('a.__proto__'), []);
  for (const bad of ['$.a[', 'a..', '$[x]', 'a b']) assert.equal(parseJsonPath(bad), null, bad);
});

test('predicates hold when anything at the path compares so, absent and not_equals when nothing does', () => {
  const holds = (predicate: JsonPredicate, now = 0) => askJson(document, predicate, now).holds;
  assert.ok(holds({ path: '$..c', is: 'equals', value: 'y' }));
  assert.ok(!holds({ path: '$..c', is: 'not_equals', value: 'y' }));
  assert.ok(holds({ path: 'x.y', is: 'absent' }));
  assert.ok(holds({ path: 'n', is: 'above', value: 11 }));
  assert.ok(!holds({ path: 'a', is: 'above', value: 0 }));
  assert.ok(holds({ path: 'a.b', is: 'contains', value: 2 }));
  assert.ok(holds({ path: '$..c', is: 'matches', value: '^[xz]$' }));
  assert.ok(holds({ path: 'n', is: 'one_of', value: ['12', '13'] }));
  assert.equal(jsonPredicateProblem({ path: 'a', is: 'past' }), null);
  for (const bad of [
    { path: 'a[', is: 'exists' },
    { path: 'a', is: 'exists', value: 1 },
    { path: 'a', is: 'equals' },
    { path: 'a', is: 'matches', value: '(' },
    { path: 'a', is: 'above', value: 'much' },
  ] as const)
    assert.notEqual(jsonPredicateProblem(bad), null, JSON.stringify(bad));
});

test('moments are seconds, milliseconds or ISO 8601; numbers that are none stay none', () => {
  const day = Date.UTC(2026, 10, 21);
  for (const written of [day, day / 1000, String(day / 1000), '2026-11-21T00:00:00Z'])
    assert.equal(momentOf(written), day);
  for (const written of [3600, '3600', 'soon', null, true, Number.NaN]) assert.equal(momentOf(written), null);
  assert.equal(expiredToken({ google: { expiry_ts: day / 1000 } }, day + 1).holds, true);
  assert.equal(expiredToken({ expires_in: 1 }, day).holds, false);
});

test('a document of any depth and width is looked at within bounds', () => {
  let deep: unknown = { content_type: 'array' };
  for (let depth = 0; depth < 5000; depth += 1) deep = { deep };
  assert.equal(askJson(deep, { path: '$..content_type', is: 'exists' }, 0).holds, false);
  const wide = Array.from({ length: 300_000 }, () => 1);
  assert.equal(askJson(wide, { path: '$..*', is: 'exists' }, 0).found.length, 10);
});

test('pids are found as lists, under their names and as names', () => {
  const pids = (value: unknown) =>
    pidsIn(value)
      .map(({ pid }) => pid)
      .sort((a, b) => a - b);
  assert.deepEqual(pids([11, '12', 0, -3, 1.5]), [11, 12]);
  assert.deepEqual(pids({ proxy: { pid: 21, port: 8080 }, codex_pid: '22' }), [21, 22]);
  assert.deepEqual(pids({ 31: { name: 'x', port: 99 } }), [31]);
});

test('a port of this machine that is not the gateway’s is stale, a provider elsewhere or of one’s own is not', () => {
  const toml = (url: string, id = 'vigiles') =>
    `model_provider = "${id}"\n[model_providers.${id}]\nbase_url = '${url}'\n`;
  assert.equal(stalePort(toml('http://127.0.0.1:8080/v1'), 8766).holds, true);
  assert.equal(stalePort(toml('http://127.0.0.1:8766/v1'), 8766).holds, false);
  assert.equal(stalePort(toml('https://api.example.com:8080/v1'), 8766).holds, false);
  assert.equal(stalePort(toml('http://127.0.0.1:11434/v1', 'ollama'), 8766).holds, false);
});

test('a window counts within its time, in a row until it is reset, and forgets the longest unseen', () => {
  const rate = createRateWindows({ count: 3, withinMs: 100 }, 2);
  assert.deepEqual(rate.seen('a', 0), { met: false, seen: 1 });
  rate.seen('a', 50);
  assert.equal(rate.seen('a', 101).met, false);
  assert.equal(rate.seen('a', 120).met, true);
  assert.equal(rate.read('a', 400).met, false);
  assert.equal(rate.seen('b', 0, 50).met, true);
  rate.seen('c', 0);
  assert.equal(rate.size(), 2);
  // A clock that went back makes nothing longer.
  const back = createRateWindows({ count: 2, withinMs: 10 });
  back.seen('x', 1000);
  assert.equal(back.seen('x', 5).met, true);
  const row = createRateWindows({ count: 1, withinMs: 1, consecutive: 3 });
  row.seen('s', 0);
  row.seen('s', 1e6);
  row.reset('s');
  row.seen('s', 2e6);
  row.seen('s', 3e6);
  assert.equal(row.seen('s', 4e6).met, true);
});
