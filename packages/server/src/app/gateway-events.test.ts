import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { silentLog } from '../kernel/log.ts';
import type { EventLog } from '../platform/event-log/index.ts';
import type { Store } from '../platform/store/index.ts';
import { until } from '../testing/test-control.ts';
import { onlyEvents } from './gateway-events.ts';

/** A log that a test writes to, and that fails when it is told to. */
function openLog() {
  const stored: VigilesEvent[] = [];
  let failures = 0;
  let changed = (): void => {};
  let onHead = (): void => {};
  const events = {
    async head() {
      const head = stored.length;
      onHead();
      return head;
    },
    async read({ afterSeq }: { afterSeq: number }) {
      failures -= 1;
      if (failures >= 0) throw new Error('The database is away.');
      return stored.slice(afterSeq);
    },
  } as unknown as EventLog;
  const store = {
    onCommit(heard: () => void) {
      changed = heard;
      return () => {};
    },
  } as unknown as Store;
  const append = () => {
    stored.push({ seq: stored.length + 1, type: 'device.revoked' } as unknown as VigilesEvent);
    changed();
  };
  return {
    append,
    fail: (times: number) => void (failures = times),
    onHead: (run: () => void) => void (onHead = run),
    only: onlyEvents(events, store, ['device.revoked'], silentLog),
  };
}

test('a revocation reaches the gateway also when it could not be read at first', async () => {
  const { only, append, fail } = openLog();
  const seen: number[] = [];
  only.subscribe(({ seq }) => void seen.push(seq));
  await only.start();
  fail(2);
  append();
  await until('it is heard', () => seen.length === 1);
  append();
  await until('the next is heard', () => seen.length === 2);
  assert.deepEqual(seen, [1, 2]);
  await only.stop();
});

test('what is said while it begins to listen is not lost', async () => {
  const { only, append, onHead } = openLog();
  const seen: number[] = [];
  only.subscribe(({ seq }) => void seen.push(seq));
  onHead(append);
  await only.start();
  await until('it is heard', () => seen.length === 1);
  await only.stop();
});
