import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { ok } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { createPresence, presenceMigrations } from '../../platform/presence/index.ts';
import { forEachStore, type StorePlace } from '../../testing/stores.ts';
import type { ActionRequest, Requested } from '../actions/index.ts';
import { createHealer } from './heal/healer.ts';
import { retryStore } from './heal/retry-store.ts';
import { githubMigrations } from './migrations.ts';
import { runStore } from './runs/run-store.ts';
import type { GithubTables } from './tables.ts';
import { madeDelivery, madeRetry, madeRun, madeVerdict } from './testing/made.ts';
import { createInboxStore } from './webhook/inbox-store.ts';
import { createInbox } from './webhook/inbox.ts';

const migrations = { ...eventLogMigrations, ...presenceMigrations, ...githubMigrations };
const never = new Promise<never>(() => {});

forEachStore('two controls on one database', (openStore, newPlace, dialect) => {
  const shares = dialect === 'postgres';

  /** A control that does not come to the end of anything. */
  async function openControl(place: StorePlace) {
    const store = await openStore({ place, migrations });
    const presence = createPresence({ store, log: silentLog });
    const events = createEventLog({ store, log: silentLog });
    await events.start();
    const common = { presence, clock: systemClock, log: silentLog };
    const handled: string[] = [];
    const asked: string[] = [];
    let began = () => {};
    const inbox = createInbox({
      ...common,
      store: createInboxStore(store),
      handle: ({ id }) => {
        handled.push(id);
        began();
        return never;
      },
    });
    const healer = createHealer({
      ...common,
      store,
      events,
      newId,
      request: async ({ target }: ActionRequest) => {
        asked.push(target);
        return ok({ run: { id: `act_${presence.id}` }, done: never } as unknown as Requested);
      },
      clean: (text) => text,
    });
    return {
      store,
      handled,
      asked,
      inbox,
      healer,
      async start() {
        await presence.component.start?.();
        const begun = new Promise<void>((done) => (began = done));
        await healer.start();
        await healer.wake();
        await inbox.start();
        return begun;
      },
      /** As after a kill: it neither works on nor signs on; what it had taken stays written down. */
      async die() {
        await presence.component.stop?.();
        await healer.stop();
        await events.stop();
      },
    };
  }

  it('leave alone what the other one holds, and take up what it held once it is gone', async () => {
    const place = await newPlace();
    const one = await openControl(place);
    const db = one.store.db<GithubTables>();
    const action = {
      kind: 'retry',
      state: 'waiting',
      by_rule: 'r',
      reason: '',
      at: 1,
      action_id: null,
    } as const;
    const facts = madeRun();
    const run = {
      facts,
      state: 'failed',
      finishedAt: 1,
      verdict: madeVerdict(),
      action,
      minutes: 0,
    } as const;
    await runStore.save(db, run);
    await retryStore.add(db, madeRetry({ nextAt: 1 }));
    await createInboxStore(one.store).accept('a', madeDelivery(madeRun()), 1);
    await one.start();
    assert.deepEqual([one.handled, one.asked], [['a'], ['ci:octo/hello/1']]);

    const two = await openControl(place);
    const begun = two.start();
    if (shares) {
      await two.healer.wake();
      await two.healer.takeUp();
      await two.inbox.takeUp();
      await two.healer.wake();
      assert.deepEqual([two.handled, two.asked], [[], []]);
      assert.deepEqual(await createInboxStore(two.store).waiting(systemClock.now(), 9), []);
      await one.die();
      await two.healer.takeUp();
      await two.inbox.takeUp();
    }
    await begun;
    await two.healer.wake();
    assert.deepEqual([two.handled, two.asked], [['a'], ['ci:octo/hello/1']]);
    if (!shares) await one.die();
    await two.die();
  });
});
