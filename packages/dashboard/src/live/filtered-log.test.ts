import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { createFilteredLog, wantsType } from './filtered-log.ts';

const event = (seq: number, type: string): SessionEvent => ({
  session_id: 's',
  seq,
  event_id: String(seq),
  ts: seq,
  type,
  actor: 'agent:s',
  command_id: null,
  data: {},
});
/** A log in which every `every`th event is a question; a page goes through at most 5,000, as the server's does. */
function logOf(length: number, every: number) {
  const asked: number[] = [];
  const read = (after: number, limit: number) => {
    asked.push(after);
    const events: SessionEvent[] = [];
    let seq = after;
    while (seq < Math.min(length, after + 5_000) && events.length < limit) {
      seq += 1;
      if (seq % every === 0) events.push(event(seq, 'decision:point'));
    }
    return Promise.resolve({ events, next_seq: seq });
  };
  return { asked, read };
}
const open = (length: number, every: number) => {
  const { asked, read } = logOf(length, every);
  return { asked, log: createFilteredLog({ head: length, oldest: 1, types: ['decision:*'], read }) };
};

test('a topic means every type of it, a type only itself', () => {
  assert.equal(wantsType(['skill:*'], 'skill:failed'), true);
  assert.equal(wantsType(['skill:failed'], 'skill:failed'), true);
  assert.equal(wantsType(['skill:failed', 'file:*'], 'skill:started'), false);
});

test('the newest are read first, and only as many as are looked at', async () => {
  const { log, asked } = open(100_000, 10);
  await log.loadOlder();
  const { events, more, from } = log.snapshot();
  assert.equal(events.at(-1)?.seq, 100_000);
  assert.equal(events.length, 500);
  assert.equal(from, 95_001);
  assert.equal(more, true);
  assert.ok(asked.every((after) => after >= 95_000));
});

test('rare ones are looked for until the log begins', async () => {
  const { log } = open(100_000, 40_000);
  await log.loadOlder();
  const { events, more } = log.snapshot();
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [40_000, 80_000],
  );
  assert.equal(more, false);
});

test('older ones come in front, each once', async () => {
  const { log } = open(12_000, 10);
  await log.loadOlder();
  await log.loadOlder();
  await log.loadOlder();
  const seqs = log.snapshot().events.map(({ seq }) => seq);
  assert.equal(seqs.length, 1_200);
  assert.deepEqual([seqs[0], seqs.at(-1), new Set(seqs).size], [10, 12_000, 1_200]);
  assert.equal(log.snapshot().more, false);
});

test('what comes live is put behind it when it is wanted, and never twice', async () => {
  const { log } = open(100, 50);
  await log.loadOlder();
  log.push([event(100, 'decision:point'), event(101, 'skill:started'), event(102, 'decision:made')]);
  log.push([event(102, 'decision:made')]);
  assert.deepEqual(
    log.snapshot().events.map(({ seq }) => seq),
    [50, 100, 102],
  );
});

test('a page that cannot be read is told, and can be asked for again', async () => {
  let fails = true;
  const { read } = logOf(100, 50);
  const log = createFilteredLog({
    head: 100,
    oldest: 1,
    types: ['decision:*'],
    read: (after, limit) => (fails ? Promise.reject(new Error('away')) : read(after, limit)),
  });
  await log.loadOlder();
  assert.equal(log.snapshot().failed, true);
  fails = false;
  await log.loadOlder();
  assert.equal(log.snapshot().failed, false);
  assert.equal(log.snapshot().events.length, 2);
});
