import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { migrations } from '../migrations.ts';
import { createHeartbeatBook } from './heartbeat-book.ts';

const place = { service: 'job', check: 'heartbeat:0' };
const up = { status: 'up', message: 'fine', pingMs: 3 } as const;

forEachStore('the book of heartbeats', (openStore, newPlace) => {
  it('keeps addresses and the last heartbeat over a restart, and knows how long it was deaf', async () => {
    const where = await newPlace();
    let now = 1_000_000;
    const clock = { now: () => now, monotonic: () => now };
    const first = createHeartbeatBook({
      store: await openStore({ migrations, place: where }),
      clock,
      log: silentLog,
    });
    const token = first.tokenOf(place, null);
    assert.deepEqual(first.receive(token, up), place);
    assert.equal(first.receive('another-token-1234', up), null);
    await first.stop();

    now += 10_000;
    const second = createHeartbeatBook({
      store: await openStore({ migrations, place: where }),
      clock,
      log: silentLog,
    });
    await second.load();
    assert.equal(second.tokenOf(place, null), token);
    const known = second.past(place);
    assert.deepEqual(
      [known.lastAt, known.message, known.pingMs, known.deafUntil],
      [1_000_000, 'fine', 3, null],
    );
    await second.stop();

    now += 3_600_000;
    const third = createHeartbeatBook({
      store: await openStore({ migrations, place: where }),
      clock,
      log: silentLog,
    });
    await third.load();
    assert.equal(third.past(place).deafUntil, now);
    await third.stop();
  });

  it('forgets an address that was replaced', async () => {
    const clock = { now: () => 5, monotonic: () => 5 };
    const book = createHeartbeatBook({ store: await openStore({ migrations }), clock, log: silentLog });
    const made = book.tokenOf(place, null);
    book.tokenOf(place, 'chosen-by-a-person-1');
    assert.equal(book.receive(made, up), null);
    assert.deepEqual(book.receive('chosen-by-a-person-1', up), place);
    await book.stop();
  });
});
