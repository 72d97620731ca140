import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import type { NewPlace, OpenStore } from '../../../testing/stores.ts';
import { createEventLog } from '../../event-log/index.ts';
import { fixtureMigrations as migrations, startWriter, type FixtureTables } from './fixture.ts';
import { until } from './until.ts';

export function processCases(openStore: OpenStore, newPlace: NewPlace): void {
  it('two writing processes and this one lose nothing, and seq has no gap', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    const events = createEventLog({ store, log: silentLog });
    const seen: VigilesEvent[] = [];
    events.subscribe((event) => seen.push(event));
    await events.start();
    const count = 150;
    const writers = [startWriter(place, 'a', count), startWriter(place, 'b', count)];
    for (let n = 1; n <= count; n += 1) {
      await events.append('system.stopped', {
        actor: 'here',
        subject: `here-${n}`,
        data: { reason: String(n) },
      });
      if (n % 10 === 0) await writers[n % 2]?.reached(n / 2);
    }
    await Promise.all(writers.map((writer) => writer.reached(count)));
    await until(() => seen.length >= 3 * count);
    await events.stop();

    // Every event of every process: once, in order, without a gap.
    assert.deepEqual(
      seen.map((event) => event.seq),
      Array.from({ length: 3 * count }, (_, i) => i + 1),
    );
    for (const name of ['a', 'b', 'here']) {
      const own = seen.filter((event) => event.actor === name).map((event) => event.subject);
      assert.deepEqual(
        own,
        Array.from({ length: count }, (_, i) => `${name}-${i + 1}`),
      );
    }
    const rows = await store.db<FixtureTables>().selectFrom('entry').select('id').execute();
    assert.equal(rows.length, 2 * count);
  });

  it('after kill -9 of a writer every acknowledged row is there and state and events agree', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    const events = createEventLog({ store, log: silentLog });
    for (const name of ['a', 'b', 'c']) {
      const writer = startWriter(place, name, 1_000_000);
      await writer.reached(30);
      writer.kill();
      await writer.ended;
      const rows = await store
        .db<FixtureTables>()
        .selectFrom('entry')
        .select(['id', 'n'])
        .where('writer', '=', name)
        .orderBy('n')
        .execute();
      assert.ok(rows.length >= writer.acknowledged());
      assert.deepEqual(
        rows.map((row) => row.n),
        rows.map((_, i) => i + 1),
      );
      await events.append('system.stopped', { actor: 'test', subject: 'end', data: { reason: name } });
    }
    const ids = (await store.db<FixtureTables>().selectFrom('entry').select('id').execute()).map(
      (row) => row.id,
    );
    const logged: VigilesEvent[] = [];
    for (let page = await events.read({ afterSeq: 0, limit: 500 }); page.length > 0;) {
      logged.push(...page);
      page = await events.read({ afterSeq: page.at(-1)?.seq ?? 0, limit: 500 });
    }
    assert.deepEqual(
      logged.map((event) => event.seq),
      logged.map((_, i) => i + 1),
    );
    assert.equal(await events.head(), logged.length);
    const subjects = logged.map((event) => event.subject).filter((subject) => subject !== 'end');
    assert.deepEqual(subjects.sort(), ids.sort());
  });
}
