import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { WatchdogConfig, type ActionRun } from '@vigiles/contract';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations, type EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createActions, defineAction, migrations, type ServiceTargets } from './index.ts';
import type { ActionTables } from './tables.ts';

const watchdog = 'watchdog';
const person = 'device:test';
let performed = 0;
let rolledBack = 0;

const plain = {
  params: z.strictObject({}),
  guarded: false,
  timeoutMs: 10_000,
  lock: (target: string) => `service:${target}`,
  plan: () => ['Do it'],
  precheck: () => null,
  perform: async () => void (performed += 1),
  verify: async () => 'fixed' as const,
};
const abortable = ({ signal }: { signal: AbortSignal }) =>
  new Promise<void>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  );
const more = [
  defineAction({ ...plain, id: 'simple', title: 'Simple', risk: () => 'reversible' }),
  defineAction({ ...plain, id: 'erase', title: 'Erase', risk: () => 'destructive' }),
  defineAction({ ...plain, id: 'endless', title: 'Endless', risk: () => 'reversible', perform: abortable }),
  defineAction({
    ...plain,
    id: 'short',
    title: 'Short',
    risk: () => 'reversible',
    timeoutMs: 50,
    perform: abortable,
  }),
  defineAction({
    ...plain,
    id: 'patient',
    title: 'Patient',
    risk: () => 'reversible',
    timeoutMs: 1,
    waitsMs: () => 60_000,
    perform: () => delay(50),
  }),
  defineAction({
    ...plain,
    id: 'undone',
    title: 'Undone',
    risk: () => 'reversible',
    verify: async () => 'not_fixed',
    snapshot: async () => 'before',
    rollback: async (_context, snapshot) => void (rolledBack += snapshot === 'before' ? 1 : 0),
  }),
];

const services: ServiceTargets = {
  look: (name) => ({
    name,
    title: name,
    state: name === 'stopped' ? 'STOPPED_BY_USER' : name === 'resting' ? 'MAINTENANCE' : 'DOWN',
    reason: '',
    supervised: true,
    identity: null,
    healthy: false,
    port: null,
    parentDown: name === 'child' ? 'parent' : null,
    restartRisk: 'disruptive',
  }),
  restart: () => Promise.reject(new Error('not here')),
  start: () => Promise.reject(new Error('not here')),
  stop: () => Promise.reject(new Error('not here')),
  awaitHealthy: async () => 'healthy',
  findStale: () => [],
};

forEachStore('the action runner', (openStore) => {
  let store: Store;
  let events: EventLog;
  const open = async () => {
    const actions = createActions({ store, events, log: silentLog, config: WatchdogConfig.parse({}), more });
    actions.bindServices(services);
    await actions.start();
    return actions;
  };
  let actions: Awaited<ReturnType<typeof open>>;
  const ask = async (action: string, how: object = {}) => {
    const asked = await actions.request({ action, target: 'a', actor: watchdog, reason: 'test', ...how });
    if (!asked.ok) throw new Error(asked.fault.message);
    return asked.value;
  };

  before(async () => {
    store = await openStore({ migrations: { ...eventLogMigrations, ...migrations } });
    events = createEventLog({ store, log: silentLog, validate: true });
    await events.start();
    actions = await open();
  });
  after(async () => {
    await actions.stop();
    await events.stop();
  });

  it('asked twice for the same attempt at an incident does it once', async () => {
    performed = 0;
    const same = { incidentId: 'inc_1', attempt: 1 };
    const first = await ask('simple', same);
    await first.done;
    const second = await ask('simple', same);
    assert.equal(second.run.id, first.run.id);
    assert.equal(performed, 1);
  });

  it('a destructive action waits for an approval', async () => {
    performed = 0;
    const { run, done } = await ask('erase', { actor: person });
    assert.equal(run.state, 'awaiting_approval');
    assert.equal(performed, 0);
    assert.ok((await actions.approve(run.id, person)).ok);
    assert.equal((await done).outcome, 'fixed');
    assert.equal(performed, 1);
  });

  it('one action per lock at a time', async () => {
    const { run } = await ask('endless');
    await assert.rejects(ask('simple', { actor: person }), /another action is under way/);
    const cancelled = await actions.cancel(run.id, person);
    assert.equal(cancelled.ok && cancelled.value.outcome, 'cancelled');
  });

  it('what takes too long is timed out', async () => {
    assert.equal((await (await ask('short')).done).outcome, 'timed_out');
  });

  it('what waits for somebody else has the time that it says it needs', async () => {
    assert.equal((await (await ask('patient')).done).outcome, 'fixed');
  });

  it('what did not help is rolled back when a snapshot was taken', async () => {
    rolledBack = 0;
    assert.equal((await (await ask('undone')).done).outcome, 'rolled_back');
    assert.equal(rolledBack, 1);
  });

  it('keeps its hands off what was stopped on purpose, is in maintenance, or is down with its parent', async () => {
    await assert.rejects(ask('simple', { target: 'stopped' }), /on purpose/);
    await assert.rejects(ask('simple', { target: 'resting' }), /maintenance/);
    await assert.rejects(ask('simple', { target: 'child' }), /parent/);
  });

  it('refuses parameters that do not fit, and says which', async () => {
    const asked = await actions.request({
      action: 'simple',
      target: 'a',
      params: { x: 1 },
      actor: person,
      reason: '',
    });
    assert.deepEqual(asked.ok ? '' : [asked.fault.code, asked.fault.message], [
      'bad_params',
      'The parameters do not fit simple: Unrecognized key: "x"',
    ]);
  });

  it('a crash in the middle of an action is verified after the restart, never repeated', async () => {
    performed = 0;
    const run: ActionRun = {
      ...(await (
        await ask('simple')
      ).done),
      id: 'run_crashed',
      state: 'running',
      outcome: null,
      finished_at: null,
    };
    performed = 0;
    const row = {
      id: run.id,
      idempotency_key: null,
      action: run.action,
      target: run.target,
      state: run.state,
    };
    await store
      .db<ActionTables>()
      .insertInto('action_run')
      .values({
        ...row,
        incident_id: null,
        fault: 'x',
        created_at: run.created_at,
        finished_at: null,
        data: JSON.stringify(run),
      })
      .execute();
    const next = await open();
    const ended = new Promise<ActionRun>((resolve) => {
      next.subscribe((changed) => {
        if (changed.id === run.id && changed.state === 'finished') resolve(changed);
      });
    });
    await next.resume();
    assert.equal((await ended).outcome, 'fixed');
    assert.equal(performed, 0);
  });

  it('every step is in the audit chain, and a changed record is found', async () => {
    const before = await actions.audit.verifyChain();
    assert.equal(before.ok, true);
    assert.ok(before.records > 10);
    const db = store.db<ActionTables>();
    await db.updateTable('audit').set({ actor: 'device:innocent' }).where('seq', '=', 3).execute();
    assert.deepEqual(await actions.audit.verifyChain(), {
      ok: false,
      records: 2,
      total: before.total,
      broken_at: 3,
      reason: 'its content was changed',
    });
    await db.deleteFrom('audit').where('seq', '=', 3).execute();
    assert.equal((await actions.audit.verifyChain()).reason, 'record 3 is missing');
  });

  it('writes no secret into the audit chain', async () => {
    const record = await actions.audit.record({
      actor: 'x',
      verb: 'y',
      target: 'z',
      data: { token: 'hunter22' },
    });
    assert.deepEqual(record.data, { token: '[redacted]' });
  });
});
