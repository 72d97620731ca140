import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '@vigiles/contract';
import { arrange, nextSort, parseSort } from './arrange.ts';

const service = (name: string, over: Partial<Service> = {}): Service =>
  ({ name, title: name, state: 'UP', p50_ms: null, p99_ms: null, port: null, pid: null, ...over }) as Service;

const names = (rows: Service[]): string => rows.map((row) => row.name).join(' ');

test('what is down comes first and unknown before up', () => {
  const rows = [service('a'), service('b', { state: 'UNKNOWN' }), service('c', { state: 'DOWN' })];
  assert.equal(names(arrange(rows, {})), 'c b a');
});

test('unknown values stay last in both directions', () => {
  const rows = [service('a'), service('b', { p99_ms: 9 }), service('c', { p99_ms: 3 })];
  assert.equal(names(arrange(rows, { sort: 'p99' })), 'c b a');
  assert.equal(names(arrange(rows, { sort: '-p99' })), 'b c a');
});

test('a filter finds by name, title, port and pid', () => {
  const rows = [service('redis', { port: 6379 }), service('gateway', { title: 'Model gateway', pid: 42 })];
  assert.equal(names(arrange(rows, { q: 'MODEL' })), 'gateway');
  assert.equal(names(arrange(rows, { q: '6379' })), 'redis');
  assert.equal(names(arrange(rows, { q: '42' })), 'gateway');
  assert.equal(names(arrange(rows, { state: 'DOWN' })), '');
});

test('a sort that does not exist is the default', () => {
  assert.deepEqual(parseSort('-constructor'), { key: 'state', descending: false });
});

test('a column goes up, down and back to the default', () => {
  assert.equal(nextSort(undefined, 'p50'), 'p50');
  assert.equal(nextSort('p50', 'p50'), '-p50');
  assert.equal(nextSort('-p50', 'p50'), undefined);
  assert.equal(nextSort('-p50', 'name'), 'name');
});
