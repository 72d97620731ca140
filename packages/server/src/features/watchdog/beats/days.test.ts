import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { migrations } from '../migrations.ts';
import { createUptimeDays, dayOf } from './days.ts';

forEachStore('looks by day', (openStore) => {
  it('are all told to two who ask at once, and stored when it has stopped', async () => {
    const store = await openStore({ migrations });
    const days = createUptimeDays({ store, clock: systemClock, log: silentLog });
    const now = systemClock.now();
    days.add('web', now, 'UP');
    days.add('web', now, 'DOWN');
    const both = await Promise.all([days.read(['web'], dayOf(now)), days.read(['web'], dayOf(now))]);
    const told = [{ service: 'web', day: dayOf(now), up: 1, total: 2 }];
    assert.deepEqual(both, [told, told]);
    days.add('web', now, 'UP');
    const reading = days.read(['web'], dayOf(now));
    await days.stop();
    const next = createUptimeDays({ store, clock: systemClock, log: silentLog });
    assert.equal((await next.read(['web'], dayOf(now)))[0]?.total, 3);
    await reading;
  });
});
