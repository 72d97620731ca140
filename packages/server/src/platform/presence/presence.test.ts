import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { forEachStore } from '../../testing/stores.ts';
import { identify } from '../process/index.ts';
import { presenceMigrations } from './migrations.ts';
import { processPlace } from './place.ts';
import { createPresence } from './presence.ts';
import type { PresenceTables } from './tables.ts';

const migrations = presenceMigrations;

forEachStore('the controls on one database', (openStore, newPlace, dialect) => {
  const shares = dialect === 'postgres';

  it(
    shares
      ? 'see each other while they work, and see who went'
      : 'are one at a time: whatever another name held is free',
    async () => {
      const place = await newPlace();
      const stores = [
        await openStore({ place, migrations }),
        await openStore({ place, migrations }),
      ] as const;
      const [one, two] = [
        createPresence({ store: stores[0], log: silentLog }),
        createPresence({ store: stores[1], log: silentLog }),
      ];
      await one.component.start?.();
      await two.component.start?.();
      const gone = await two.gone();
      assert.deepEqual([gone(one.id), gone(two.id), gone('nobody')], [!shares, false, true]);
      await one.component.stop?.();
      assert.equal((await two.gone())(one.id), true);
      await two.component.stop?.();
    },
  );

  if (!shares) return;

  it('take one for gone whose process has ended, or who was silent for too long', async () => {
    const store = await openStore({ migrations });
    let now = 1_800_000_000_000;
    const clock = { now: () => now, monotonic: () => now };
    const presence = createPresence({ store, log: silentLog, clock, leaseMs: 60_000 });
    const place = processPlace();
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const startTime = identify(process.pid)?.startTime ?? '';
    await store
      .db<PresenceTables>()
      .insertInto('control_presence')
      .values([
        { instance: 'killed', place, pid: ended, start_time: startTime, alive_until: now + 60_000 },
        {
          instance: 'elsewhere',
          place: 'another machine',
          pid: ended,
          start_time: 'x',
          alive_until: now + 9,
        },
      ])
      .execute();
    const before = await presence.gone();
    assert.deepEqual([before('killed'), before('elsewhere')], [place !== null, false]);
    now += 10;
    assert.equal((await presence.gone())('elsewhere'), true);
  });

  it('call whoever takes up what the dead held, again and again, also after it has failed', async () => {
    const store = await openStore({ migrations });
    const presence = createPresence({ store, log: silentLog, beatMs: 5 });
    let calls = 0;
    const twice = new Promise<void>((done) => {
      presence.each(async () => {
        calls += 1;
        if (calls === 1) throw new Error('not now');
        done();
      });
    });
    await presence.component.start?.();
    await twice;
    await presence.component.stop?.();
    const left = await store.db<PresenceTables>().selectFrom('control_presence').selectAll().execute();
    assert.deepEqual(left, []);
  });
});
