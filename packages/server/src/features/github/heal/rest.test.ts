import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import type { ActionRun } from '@vigiles/contract';
import { fault, FaultError, ok, type Result } from '../../../kernel/fault.ts';
import { newId } from '../../../kernel/ids.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { alone } from '../../../platform/presence/index.ts';
import { forEachStore } from '../../../testing/stores.ts';
import type { ActionRequest, Requested } from '../../actions/index.ts';
import { githubMigrations } from '../migrations.ts';
import { runStore } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';
import { madeRetry, madeRun, madeVerdict } from '../testing/made.ts';
import { createHealer } from './healer.ts';
import { retryStore, type KeptRetry } from './retry-store.ts';

const rest = 1_800_000;

forEachStore('a re-run that rests', (openStore) => {
  async function openHealer(
    request: (request: ActionRequest) => Promise<Result<Requested>> = async () => ({
      ok: false,
      // Busy with something else: it is to be asked again later.
      fault: fault('conflict', 'action_busy', 'Something is under way.'),
    }),
    retry: Partial<KeptRetry> = {},
  ) {
    const store = await openStore({ migrations: { ...eventLogMigrations, ...githubMigrations } });
    const events = createEventLog({ store, log: silentLog });
    await events.start();
    const db = store.db<GithubTables>();
    const asked: ActionRequest[] = [];
    let now = 2000;
    const open = () =>
      createHealer({
        store,
        events,
        presence: alone(store.instance),
        clock: { now: () => now, monotonic: () => now },
        newId,
        log: silentLog,
        request(what) {
          asked.push(what);
          return request(what);
        },
        clean: (text) => text,
      });
    const start = async () => {
      const healer = open();
      await healer.start();
      await healer.wake();
      await healer.stop();
    };
    const run = madeRun();
    const action = {
      kind: 'retry',
      state: 'waiting',
      by_rule: 'r',
      reason: '',
      at: now,
      action_id: null,
    } as const;
    await runStore.save(db, {
      facts: run,
      state: 'failed',
      finishedAt: now,
      verdict: madeVerdict(),
      action,
      minutes: 0,
    });
    await retryStore.add(db, madeRetry({ nextAt: now + rest, ...retry }));
    return { store, open, db, events, asked, start, pass: (ms: number) => void (now += ms) };
  }

  it('is not asked for before its time, also not by a process that was started anew', async () => {
    const rig = await openHealer();
    await rig.start();
    rig.pass(rest - 1);
    await rig.start();
    assert.equal(rig.asked.length, 0);
    rig.pass(1);
    await rig.start();
    assert.deepEqual(
      rig.asked.map(({ action, target }) => [action, target]),
      [['rerun_failed_jobs', 'ci:octo/hello/1']],
    );
    await rig.events.stop();
  });

  it('stays settled when its end came before whoever asked for it has noted that it was asked for', async () => {
    const rig = await openHealer();
    const asked = await retryStore.get(rig.db, 'rty_1');
    assert.ok(asked);
    await retryStore.change(rig.db, { ...asked, state: 'failed', settled_at: 3000 });
    assert.equal(await retryStore.rest(rig.db, { ...asked, nextAt: 9_000_000 }), false);
    const kept = await retryStore.get(rig.db, 'rty_1');
    assert.deepEqual([kept?.state, kept?.nextAt], ['failed', asked.nextAt]);
    await rig.events.stop();
  });

  it('that a script went before stays settled when the script ends after it', async () => {
    const end = Promise.withResolvers<ActionRun>();
    const rig = await openHealer(
      async () => ok({ run: { id: 'act_1' }, done: end.promise } as unknown as Requested),
      { kind: 'fix_script', script: 'clean', thenRetry: true, nextAt: 0 },
    );
    const healer = rig.open();
    await healer.wake();
    const asked = await retryStore.get(rig.db, 'rty_1');
    assert.deepEqual([asked?.state, asked?.action_id], ['waiting', 'act_1']);
    assert.ok(asked);
    await retryStore.change(rig.db, { ...asked, state: 'recovered', settled_at: 3000 });
    end.resolve({ id: 'act_1', outcome: 'fixed' } as unknown as ActionRun);
    await end.promise;
    await new Promise((turn) => setImmediate(turn));
    await healer.stop();
    assert.deepEqual(
      (await retryStore.ofRun(rig.db, '1')).map(({ kind, state }) => [kind, state]),
      [['fix_script', 'recovered']],
    );
    await rig.events.stop();
  });

  it('is noted and ends although the store was away when it was asked for and when it ended', async () => {
    const end = Promise.withResolvers<ActionRun>();
    const rig = await openHealer(
      async () => {
        away = 2;
        return ok({ run: { id: 'act_1' }, done: end.promise } as unknown as Requested);
      },
      { nextAt: 0 },
    );
    let away = 0;
    const whileAway = new FaultError(fault('unavailable', 'store_unavailable', 'It is away.'));
    const { rest: noted, get } = retryStore;
    const refuse = () => {
      if (away > 0) {
        away -= 1;
        throw whileAway;
      }
    };
    mock.method(retryStore, 'rest', async (...given: Parameters<typeof noted>) => {
      refuse();
      return noted(...given);
    });
    const healer = rig.open();
    await healer.wake();
    assert.equal((await get(rig.db, 'rty_1'))?.action_id, null);
    await healer.wake();
    await healer.wake();
    assert.equal((await get(rig.db, 'rty_1'))?.action_id, 'act_1');
    assert.equal(rig.asked.length, 1);
    away = 1;
    mock.method(retryStore, 'get', async (...given: Parameters<typeof get>) => {
      refuse();
      return get(...given);
    });
    end.resolve({ id: 'act_1', outcome: 'failed', message: 'GitHub said no' } as unknown as ActionRun);
    const deadline = performance.now() + 30_000;
    while ((await get(rig.db, 'rty_1'))?.state === 'waiting') {
      assert.ok(performance.now() < deadline, 'it never ended');
      await new Promise((done) => setTimeout(done, 10));
    }
    mock.restoreAll();
    await healer.stop();
    await rig.events.stop();
  });

  it('is dropped without calling anybody when a newer run of the branch came meanwhile', async () => {
    const rig = await openHealer();
    const newer = madeRun({ id: '2', number: 8, commit: 'def' });
    await runStore.save(rig.db, {
      facts: newer,
      state: 'passed',
      finishedAt: 1,
      verdict: null,
      action: null,
      minutes: 0,
    });
    rig.pass(rest);
    await rig.start();
    assert.equal(rig.asked.length, 0);
    assert.equal((await retryStore.get(rig.db, 'rty_1'))?.state, 'refused');
    assert.equal((await runStore.get(rig.db, '1'))?.action?.by_rule, 'superseded');
    const told = await rig.events.read({ afterSeq: 0, limit: 9 });
    assert.deepEqual(
      told.map(({ type }) => type),
      ['ci.retry_outcome'],
    );
    await rig.events.stop();
  });
});
