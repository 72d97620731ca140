import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type ActionRun, BackupsConfig, type Incident } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { fault, failed } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import type { Presence } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { startTestControl, until, type TestControl } from '../../testing/test-control.ts';
import { backupMigrations } from './migrations.ts';
import { createBackups } from './service.ts';
import { createBackupStore } from './store.ts';

const far = '{ per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 }';
const recipient = 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq';

forEachStore('backups of several controls', (openStore, newPlace, dialect) => {
  const open = async (place: Awaited<ReturnType<typeof newPlace>>) =>
    openStore({ migrations: backupMigrations, place });

  it('are made once at each time of the schedule, whoever sees it come', async () => {
    const place = await newPlace();
    let now = Date.UTC(2026, 0, 1);
    const clock: Clock = { ...systemClock, now: () => now };
    const asked: string[] = [];
    const told: string[] = [];
    /** What is asked for is refused, so that the two races every day. */
    const control = (name: string, store: Store) =>
      createBackups({
        home: place.home,
        store,
        presence: { id: name, shared: true, gone: async () => () => false, each: () => undefined },
        troubles: {
          failed: async (target) => void told.push(target),
          over: async () => undefined,
        },
        egress: { fetch: () => Promise.reject(new Error('nothing is fetched')) },
        clock,
        newId,
        log: silentLog,
        config: () =>
          BackupsConfig.parse({
            // Its own place comes second: once that was asked for, the shared one was looked at.
            targets: ['shared', name].map((one) => ({
              name: one,
              type: 'folder',
              path: place.home,
              recipients: [recipient],
            })),
          }),
        resolve: (text) => text,
        async request({ target }) {
          asked.push(target);
          return failed(fault('conflict', 'action_refused', 'not now'));
        },
        cancel: async () => undefined,
      });
    const both = [control('a', await open(place)), control('b', await open(place))];
    for (const one of both) await one.component.start();
    for (const day of [1, 2, 3]) {
      now = Date.UTC(2026, 0, day, 4);
      for (const one of both) one.changed();
      const times = (target: string) => asked.filter((one) => one === target).length;
      await until('both have looked', () => times('backup:a') === day && times('backup:b') === day);
      assert.equal(times('backup:shared'), day);
    }
    await Promise.all(both.map((one) => one.component.stop()));
    assert.equal(told.filter((target) => target === 'shared').length, 3);
  });

  it('that are due are asked for again where the store was away when they were', async () => {
    const place = await newPlace();
    let now = Date.UTC(2026, 0, 1);
    let asked = 0;
    const control = createBackups({
      home: place.home,
      store: await open(place),
      presence: { id: 'a', shared: true, gone: async () => () => false, each: () => undefined },
      troubles: { failed: async () => undefined, over: async () => undefined },
      egress: { fetch: () => Promise.reject(new Error('nothing is fetched')) },
      clock: { ...systemClock, now: () => now },
      newId,
      log: silentLog,
      config: () =>
        BackupsConfig.parse({
          targets: [{ name: 'drive', type: 'folder', path: place.home, recipients: [recipient] }],
        }),
      resolve: (text) => text,
      async request() {
        asked += 1;
        if (asked === 1) throw new Error('the store is away');
        return failed(fault('conflict', 'action_refused', 'not now'));
      },
      cancel: async () => undefined,
    });
    await control.component.start();
    now = Date.UTC(2026, 0, 1, 4);
    control.changed();
    await until('it is asked for again', () => asked === 2);
    await control.component.stop();
  });

  it('are given up once when the control that made them is gone, and left alone while it lives', async () => {
    const place = await newPlace();
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => createBackupStore(await open(place), name)),
    );
    assert.ok(a && b && c);
    const started = { id: 'bak_1', target: 'drive', file: 'x', bytes: null, sha256: null };
    await a.begin({ ...started, state: 'running', started_at: 1, finished_at: null, message: '' });
    assert.deepEqual(await b.abandon(() => false, 2), []);
    assert.equal((await b.find('bak_1'))?.state, 'running');
    const isGone: Awaited<ReturnType<Presence['gone']>> = (owner) => owner === 'a';
    const given = (await Promise.all([b.abandon(isGone, 3), c.abandon(isGone, 3)])).flat();
    assert.deepEqual(
      given.map(({ id, state }) => [id, state]),
      [['bak_1', 'failed']],
    );
  });

  if (dialect !== 'postgres') return;

  it('that fail are one incident, which the next good one closes, whichever control makes it', async () => {
    const { url } = await newPlace();
    const folder = mkdtempSync(join(tmpdir(), 'vigiles-shared-backups-'));
    const drive = join(folder, 'drive');
    const yaml = `store: { url: '${url}' }
gateway: { enabled: false }
limits: { light: ${far}, standard: ${far}, heavy: ${far} }
backups:
  targets: [{ name: drive, type: folder, path: '${drive}', recipients: ['${await identityToRecipient(await generateX25519Identity())}'] }]
`;
    const homes: TestControl[] = [];
    const start = async () => {
      const home = await startTestControl({ yaml, extend: [healing] });
      homes.push(home);
      return home;
    };
    after(async () => {
      for (const home of homes) await home.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const backUp = async (home: TestControl) => {
      const { status, body } = await home.call<ActionRun>('POST', '/api/v1/backups/drive/run', { body: {} });
      assert.equal(status, 202, JSON.stringify(body));
      let outcome: string | null = null;
      await until('its run ends', async () => {
        ({ outcome } = (await home.call<ActionRun>('GET', `/api/v1/actions/runs/${body.id}`)).body);
        return typeof outcome === 'string';
      });
      return outcome;
    };
    const stories = async (home: TestControl) =>
      (await home.call<{ incidents: Incident[] }>('GET', '/api/v1/incidents?target=backup:drive')).body
        .incidents;

    const a = await start();
    const b = await start();
    for (const home of [a, b, b, a]) assert.equal(await backUp(home), 'not_fixed');
    await until('every failure is a part of the story', async () => {
      const [story, ...others] = await stories(b);
      assert.deepEqual(others, []);
      return story?.occurrences === 4 && story.state === 'needs_person';
    });
    const [open] = await stories(b);
    assert.equal(open?.fault_id, 'E6');
    assert.match(open.title, /^backup:drive: the last backup failed \(.*drive/);
    await until('people are told', async () => {
      const told = await a.control.events.read({ afterSeq: 0, limit: 50, types: ['alert.raised'] });
      return told.length > 0;
    });

    mkdirSync(drive);
    assert.equal(await backUp(b), 'fixed');
    await until('the good one closes it', async () => (await stories(a))[0]?.state === 'closed');
    rmSync(drive, { recursive: true });
    assert.equal(await backUp(a), 'not_fixed');
    await until('a new story begins', async () => {
      const all = await stories(a);
      return all.length === 2 && all[0]?.state === 'needs_person';
    });
    let told: unknown[] = [];
    await until('people are told of it too', async () => {
      told = await a.control.events.read({ afterSeq: 0, limit: 50, types: ['alert.raised'] });
      return told.length > 1;
    });
    assert.equal(told.length, 2);
  });
});
