import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { forEachStore } from '../../testing/stores.ts';
import { openRig, until, type Rig } from './testing/rig.ts';

forEachStore('watchdogs of two controls on one database', (_openStore, newPlace, dialect) => {
  if (dialect === 'sqlite') return;
  const host = createServer((_request, response) => response.writeHead(503).end());
  before(() => new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve)));
  after(() => {
    host.closeAllConnections();
    host.close();
  });

  /** A control whose only service answers with errors. */
  const openWith = (place: { home: string; url?: string }, name: string, clock: Clock = systemClock) =>
    openRig({
      ...place,
      clock,
      services: [
        {
          name,
          checks: [
            {
              type: 'http',
              url: `http://127.0.0.1:${(host.address() as AddressInfo).port}/`,
              interval_s: 0.1,
              timeout_s: 1,
            },
          ],
          failures_to_down: 1,
        },
      ],
    });
  const stories = async (rig: Rig, target: string) =>
    (await rig.watchdog.incidents({ target, limit: 10 })).map(({ id, state }) => ({ id, state }));

  it('leave each other’s incidents alone, and close those of one that is gone for five minutes', async () => {
    const place = await newPlace();
    let later = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + later };
    const one = await openWith(place, 'api');
    const story = await one.incident('api', 'needs_person');
    const two = await openWith(place, 'web', clock);
    await two.incident('web', 'needs_person');
    assert.deepEqual(await stories(two, 'api'), [{ id: story.id, state: 'needs_person' }]);

    const three = await openWith(place, 'db');
    assert.deepEqual(await stories(three, 'api'), [{ id: story.id, state: 'needs_person' }]);
    await three.close();

    // One signs off: what it watched nobody watches now.
    await one.close();
    const left = clock.now();
    await until('it is closed', async () => {
      later += 5000;
      return (await stories(two, 'api'))[0]?.state === 'closed';
    });
    const [closed] = await two.watchdog.incidents({ target: 'api', limit: 1 });
    assert.ok((closed?.closed_at ?? 0) - left >= 300_000);
    assert.deepEqual([closed?.outcome, closed?.timeline.at(-1)?.title], ['unknown', 'Not watched any more']);
    assert.equal((await stories(two, 'web'))[0]?.state, 'needs_person');
    await two.close();
  });

  it('a control that comes back goes on with its own story', async () => {
    const place = await newPlace();
    const [first, other] = [await openWith(place, 'api'), await openWith(place, 'web')];
    const { id } = await first.incident('api', 'needs_person');
    await first.close();
    const again = await openWith(place, 'api');
    assert.deepEqual(await stories(again, 'api'), [{ id, state: 'needs_person' }]);
    await until('the story goes on', () => again.watchdog.openIncidents().some((open) => open.id === id));
    await again.close();
    await other.close();
  });

  it('keep the maintenance that a person has set at one of them, until it is ended at one', async () => {
    const place = await newPlace();
    const [one, two] = [await openWith(place, 'api'), await openWith(place, 'web')];
    const begun = await one.watchdog.maintenance.begin(
      { services: [], minutes: 30, reason: 'new rack' },
      'device:d1',
    );
    assert.ok(begun.ok);
    await until('both are in maintenance', () =>
      [one.state('api'), two.state('web')].every((state) => state === 'MAINTENANCE'),
    );
    const ended = await two.watchdog.maintenance.end(begun.value.id ?? '', 'device:d1');
    assert.ok(ended.ok);
    await until('neither is any more', () =>
      [one.state('api'), two.state('web')].every((state) => state !== 'MAINTENANCE'),
    );
    await one.close();
    await two.close();
  });
});
