import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireEvent } from './wire-event.ts';

test('a message with a number and a type is an event', () => {
  const message = { timestamp: '2026-11-21T12:00:00.000Z', seq: 5, type: 'system.stopped', data: {} };
  assert.deepEqual(wireEvent(message), { seq: 5, type: 'system.stopped', data: {}, ts: 1_795_262_400_000 });
});

test('the greeting tells the end of the log and is no event, or what came between would be taken for seen', () => {
  const greeting = { server_version: '0.1.0', timestamp: '2026-11-21T12:00:00.000Z', seq: 8, data: {} };
  assert.equal(wireEvent(greeting), null);
  assert.equal(wireEvent(undefined), null);
});
