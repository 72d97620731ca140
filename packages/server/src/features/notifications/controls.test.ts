import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../platform/store/conformance/until.ts';
import { forEachStore } from '../../testing/stores.ts';
import { settled, type Rig } from './testing/rig.ts';
import { hook, titles, told, useRigs } from './testing/rigs.ts';

forEachStore('notifications of several controls, and of a store that goes away', (openStore, newPlace) => {
  const { receive, open } = useRigs(openStore);

  test('what came of a try is written although the store was away, and nothing is sent again', async () => {
    let away = 0;
    const receiver = await receive(() => {
      away = 2;
      return { status: 200 };
    });
    const rig = await open(
      { channels: [hook(receiver)] },
      {
        events: (real) => ({
          ...real,
          transaction: (work, how) => {
            if (away === 0) return real.transaction(work, how);
            away -= 1;
            return Promise.reject(new Error('the store is away'));
          },
        }),
      },
    );
    await rig.incident({ id: 'inc_1' });
    await until(async () => (await told(rig)).includes('opened delivered'));
    assert.equal(receiver.calls.length, 1);
  });

  test('two controls on one database tell each event once, also where one had read it already', async () => {
    const place = await newPlace();
    const receiver = await receive();
    const config = { channels: [hook(receiver)] };
    /** Until it is opened, events are not read. */
    const gated = () => {
      let gate: PromiseWithResolvers<void> | null = null;
      return {
        close: () => void (gate ??= Promise.withResolvers<void>()),
        open: () => {
          gate?.resolve();
          gate = null;
        },
        events: (real: Rig['events']): Rig['events'] => ({
          ...real,
          read: async (filter) => {
            await gate?.promise;
            return real.read(filter);
          },
        }),
      };
    };
    const [slow, quick] = [gated(), gated()];
    const one = await open(config, { place, events: slow.events });
    const two = await open(config, { place, events: quick.events });
    slow.close();
    await two.incident({ id: 'inc_1' });
    await until(() => receiver.calls.length === 1);
    await two.incident({ id: 'inc_1', state: 'closed', outcome: 'fixed' });
    await until(() => receiver.calls.length === 2);
    quick.close();
    await two.incident({ id: 'inc_2', service: 'db' });
    slow.open();
    await until(() => receiver.calls.length >= 3);
    quick.open();
    await settled(one);
    assert.deepEqual(titles(receiver), ['api is dead', 'Resolved: api is dead', 'db is dead']);
  });

  test('what a control that is gone had queued is sent by who is left', async () => {
    const place = await newPlace();
    const receiver = await receive();
    const config = { channels: [hook(receiver)], group_wait_s: 600 };
    const left = await open(config, { place, lookMs: 20 });
    const gone = await open(config, { place });
    await gone.incident({ id: 'inc_1' });
    await until(async () => (await left.deliveries()).length === 1);
    await gone.notifications.component.stop?.();
    left.ahead.ms = 601_000;
    await until(() => receiver.calls.length === 1);
  });

  test('a try that the end of control cuts off is no failed one, and the next control sends it at once', async () => {
    const place = await newPlace();
    let silent = true;
    const receiver = await receive(() => ({ silent }));
    const other = await receive();
    const config = {
      channels: [hook(receiver), hook(other, { name: 'other', kinds: ['system'] })],
      max_attempts: 1,
    };
    const gone = await open(config, { place });
    await gone.incident({ id: 'inc_1' });
    await until(() => receiver.calls.length === 1);
    await gone.notifications.component.stop?.();
    assert.deepEqual(await told(gone), ['opened queued']);
    silent = false;
    const next = await open(config, { place });
    await until(async () => (await told(next)).includes('opened delivered'));
    assert.equal(receiver.calls.length, 2);
    assert.deepEqual(titles(other), [], 'nobody is told that a channel does not get through');
  });

  test('a try that is answered while control ends is waited for, and not sent again', async () => {
    const place = await newPlace();
    const receiver = await receive(() => ({ afterMs: 300 }));
    const gone = await open({ channels: [hook(receiver)] }, { place });
    await gone.incident({ id: 'inc_1' });
    await until(() => receiver.calls.length === 1);
    await gone.notifications.component.stop?.();
    assert.deepEqual(await told(gone), ['opened delivered']);
  });
});
