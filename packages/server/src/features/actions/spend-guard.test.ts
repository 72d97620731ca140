import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { eventLogMigrations } from '../../platform/event-log/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createSpendGuard, migrations } from './index.ts';

forEachStore('money for questions', (openStore, newPlace, dialect) => {
  const all = { ...eventLogMigrations, ...migrations };
  const policy = (more: object = {}) => ({ everyMs: 0, callsPerDay: 100, microsPerMonth: 1000, ...more });

  it('has one book, however many ask at once', async () => {
    const store = await openStore({ migrations: all });
    const guard = createSpendGuard({ store, clock: systemClock, name: 'x', policy });
    await guard.start();
    const asked = await Promise.all(Array.from({ length: 20 }, (_, n) => guard.reserve(`${n}`, 100)));
    assert.equal(asked.filter(({ allow }) => allow).length, 10);
    assert.equal(guard.state().microsThisMonth, 1000);
    await guard.settle('0', 40);
    assert.equal(guard.state().microsThisMonth, 940);
  });

  if (dialect === 'postgres')
    // On SQLite one file is one control's.
    it('is one budget for two controls on one database, and neither settles what the other has set aside', async () => {
      const place = await newPlace();
      const open = async () => {
        const store = await openStore({ place, migrations: all });
        const guard = createSpendGuard({ store, clock: systemClock, name: 'x', policy });
        await guard.start();
        return guard;
      };
      const [one, two] = await Promise.all([open(), open()]);
      const of = (n: number) => (n % 2 === 0 ? one : two);
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, n) => of(n).reserve(`${n % 2}-${n}`, 100)),
      );
      assert.equal(asked.filter(({ allow }) => allow).length, 10, 'ten fit, whoever asked');
      const third = await open();
      assert.equal(third.state().microsThisMonth, 1000, 'what is set aside stays set aside');
      const mine = asked.findIndex(({ allow }) => allow);
      await of(mine).settle(`${mine % 2}-${mine}`, 30);
      assert.ok((await third.reserve('third', 70)).allow, 'what one gave back another may use');
      assert.equal((await one.reserve('more', 1)).allow, false);
    });

  it('is paced together as well', async () => {
    const store = await openStore({ migrations: all });
    const paced = () =>
      createSpendGuard({ store, clock: systemClock, name: 'y', policy: () => policy({ everyMs: 60_000 }) });
    const [one, two] = [paced(), paced()];
    assert.ok((await one.reserve('a', 1)).allow);
    const refused = await two.reserve('b', 1);
    assert.equal(refused.allow ? '' : refused.guard, 'ai_pace');
  });
});
