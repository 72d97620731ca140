import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { eventLogMigrations } from '../../../platform/event-log/index.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { oneStep } from '../core/learn/remedy.ts';
import { migrations } from '../migrations.ts';
import { createKnowledge, maxPatterns } from './knowledge.ts';
import { createKnowledgeStore } from './store.ts';

const print = (at: number) => ({
  id: `print_${at}`,
  fault: 'B4',
  targetClass: 'provider' as const,
  version: null,
  template: `line ${at}`,
});

forEachStore('what was learned', (openStore, newPlace, dialect) => {
  it('is kept up to 500 patterns, the longest unseen goes first, pinned ones stay and do not count', async () => {
    const store = await openStore({ migrations: { ...eventLogMigrations, ...migrations } });
    let now = 1_000_000;
    const deps = {
      store: createKnowledgeStore(store),
      clock: { now: () => (now += 1), monotonic: () => now },
      log: silentLog,
    };
    const knowledge = createKnowledge(deps);
    for (let at = 0; at < maxPatterns; at += 1) knowledge.seen(print(at));
    knowledge.pin('print_1', true);
    // Seen again: no longer the oldest.
    knowledge.seen(print(0));
    for (let at = 0; at < 3; at += 1) knowledge.seen(print(maxPatterns + at));
    const check = (one: typeof knowledge) => {
      assert.equal(one.list().length, maxPatterns + 1);
      assert.ok(one.view('print_0') && one.view('print_1'));
      assert.equal(one.view('print_2'), null);
      assert.equal(one.view('print_3'), null);
      assert.ok(one.view('print_4'));
    };
    check(knowledge);
    const restart = oneStep('restart_service');
    for (let times = 0; times < 6; times += 1) knowledge.count('print_9', restart, 1, 'fixed');
    assert.equal(knowledge.lookup('print_9')[0]?.remedy.id, restart.id);
    await knowledge.settled();
    await knowledge.stop();
    const again = createKnowledge(deps);
    await again.load();
    check(again);
    assert.equal(again.lookup('print_9')[0]?.remedy.id, restart.id);
    await again.stop();
  });

  if (dialect === 'postgres')
    // On SQLite one file is one control's.
    it('by two controls on one database adds up, and each applies what the other learned', async () => {
      const place = await newPlace();
      const all = { ...eventLogMigrations, ...migrations };
      const controls = await Promise.all(
        [0, 1].map(async () => {
          const store = createKnowledgeStore(await openStore({ place, migrations: all }));
          return createKnowledge({ store, clock: systemClock, log: silentLog });
        }),
      );
      const [one, two] = controls;
      assert.ok(one && two);
      const restart = oneStep('restart_service');
      // At the same moment, so that each begins from what the other has not written yet.
      for (const each of controls) {
        each.seen(print(1));
        for (let times = 0; times < 3; times += 1) each.count('print_1', restart, 1, 'fixed');
      }
      await Promise.all(controls.map((each) => each.settled()));
      await Promise.all(controls.map((each) => each.refresh()));
      for (const each of controls) {
        assert.equal(each.view('print_1')?.occurrences, 2);
        assert.equal(each.lookup('print_1')[0]?.remedy.id, restart.id, 'six successes, three of each');
      }
      assert.ok(one.forget('print_1'));
      await one.settled();
      await two.refresh();
      assert.equal(two.view('print_1'), null);
      await Promise.all(controls.map((each) => each.stop()));
    });
});
