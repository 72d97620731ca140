import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fault } from '../../../kernel/fault.ts';
import { newId } from '../../../kernel/ids.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { alone } from '../../../platform/presence/index.ts';
import { forEachStore } from '../../../testing/stores.ts';
import type { ActionRequest } from '../../actions/index.ts';
import { githubMigrations } from '../migrations.ts';
import { runStore } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';
import { madeRetry, madeRun, madeVerdict } from '../testing/made.ts';
import { createHealer } from './healer.ts';
import { retryStore } from './retry-store.ts';

const rest = 1_800_000;

forEachStore('a re-run that rests', (openStore) => {
  async function openHealer() {
    const store = await openStore({ migrations: { ...eventLogMigrations, ...githubMigrations } });
    const events = createEventLog({ store, log: silentLog });
    await events.start();
    const db = store.db<GithubTables>();
    const asked: ActionRequest[] = [];
    let now = 2000;
    const start = async () => {
      const healer = createHealer({
        store,
        events,
        presence: alone(store.instance),
        clock: { now: () => now, monotonic: () => now },
        newId,
        log: silentLog,
        // Busy with something else: it is to be asked again later.
        async request(request) {
          asked.push(request);
          return { ok: false, fault: fault('conflict', 'action_busy', 'Something is under way.') };
        },
        clean: (text) => text,
      });
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
    await retryStore.add(db, madeRetry({ nextAt: now + rest }));
    return { db, events, asked, start, pass: (ms: number) => void (now += ms) };
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
