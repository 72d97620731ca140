import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createEventLog } from '../event-log/index.ts';
import { fixtureMigrations as migrations } from './conformance/fixture.ts';
import { until } from './conformance/until.ts';

forEachStore('hearing of commits', (openStore, newPlace, dialect) => {
  it('tells own commits from others, and nothing after the listener is gone', async () => {
    const place = await newPlace();
    const here = await openStore({ place, migrations });
    const there = await openStore({ place, migrations });
    const append = (store: typeof here) =>
      createEventLog({ store, log: silentLog }).append('system.stopped', {
        actor: 'a',
        subject: 's',
        data: { reason: 'r' },
      });
    const heard: string[] = [];
    const stop = here.onCommit((origin) => heard.push(origin));
    await append(here);
    assert.ok(heard.includes('local'));
    // PostgreSQL connects in the background and says `remote` once it listens.
    if (dialect === 'postgres') await until(() => heard.includes('remote'));
    heard.length = 0;
    await append(there);
    await until(() => heard.includes('remote'));
    assert.ok(!heard.includes('local'));
    stop();
    heard.length = 0;
    await append(here);
    assert.deepEqual(heard, []);
  });

  if (dialect === 'postgres') {
    it('loses no event when the server cuts every connection', async () => {
      const place = await newPlace();
      const here = await openStore({ place, migrations });
      const there = await openStore({ place, migrations });
      const log = createEventLog({ store: here, log: silentLog });
      const other = createEventLog({ store: there, log: silentLog });
      const seen: number[] = [];
      log.subscribe((event) => seen.push(event.seq));
      await log.start();
      const append = (n: number) =>
        other.append('system.stopped', { actor: 'a', subject: 's', data: { reason: String(n) } });
      await append(1);
      await until(() => seen.length === 1);
      await there.report(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await append(2);
      await append(3);
      await until(() => seen.length === 3);
      assert.deepEqual(seen, [1, 2, 3]);
      await log.stop();
    });
  }
});
