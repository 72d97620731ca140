import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HealthSnapshot } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { migrations } from '../migrations.ts';
import { createHistory } from './history.ts';

forEachStore('history of the fleet', (openStore) => {
  it('pages back by the moment that a snapshot shows, however long it took to take', async () => {
    const store = await openStore({ migrations });
    // Every look at the clock is a millisecond later.
    let nowMs = 1_800_000_000_000;
    const clock = { now: () => (nowMs += 1), monotonic: () => nowMs };
    const take = () => ({ timestamp: new Date(clock.now()).toISOString() }) as HealthSnapshot;
    const history = createHistory({ store, clock, log: silentLog, take });
    await history.save();
    await history.save();
    const [first, last] = await history.read(10);
    const before = await history.read(10, Date.parse(last?.timestamp ?? ''));
    assert.deepEqual(before, [first]);
  });
});
