import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { defineAction } from './index.ts';
import { createSpendGuard } from './spend-guard.ts';
import { openActionRig, type ActionRig } from './testing/action-rig.ts';

const person = 'device:test';
let well = true;
let state = 'before';
let canRestore = true;
let restores = 0;
let healthyRestarts = 0;
const deaf = { began: false };

const plain = {
  params: z.strictObject({ secret: z.string().optional() }),
  targets: ['host', 'agent'] as const,
  timeoutMs: 10_000,
  lock: (target: string) => `thing:${target}`,
  risk: () => 'reversible' as const,
  plan: () => ['Do it'],
  precheck: () => null,
};

const more = [
  defineAction({
    ...plain,
    id: 'change',
    title: 'Change',
    guarded: true,
    snapshot: async () => ({ state }),
    perform: async ({ params }) => void (state = params.secret ?? 'after'),
    verify: async () => (well ? 'fixed' : 'not_fixed'),
    steady: () => well,
    rollback: async (_context, kept) => {
      restores += 1;
      state = canRestore ? (kept as { state: string }).state : 'ruined';
    },
    restored: (_context, kept) => state === (kept as { state: string }).state,
  }),
  defineAction({
    ...plain,
    id: 'repair',
    title: 'Repair',
    guarded: true,
    perform: async () => void (healthyRestarts += 1),
    verify: async () => 'not_fixed',
  }),
  defineAction({
    ...plain,
    id: 'works',
    title: 'Works',
    guarded: true,
    perform: async () => undefined,
    verify: async () => 'fixed',
  }),
  defineAction({
    ...plain,
    id: 'erase',
    title: 'Erase',
    guarded: false,
    risk: () => 'destructive',
    perform: async () => void (state = 'erased'),
    verify: async () => 'fixed',
  }),
  defineAction({
    ...plain,
    id: 'deaf',
    title: 'Deaf',
    guarded: false,
    perform: () => {
      deaf.began = true;
      return delay(20_000, undefined, { ref: false });
    },
    verify: async () => 'fixed',
  }),
];

describe('recovery', () => {
  const open: ActionRig[] = [];
  const rigWith = async (watchdog: object = {}, how: object = {}) => {
    const rig = await openActionRig({ watchdog, more, ...how });
    open.push(rig);
    return rig;
  };
  before(() => {
    well = true;
  });
  afterEach(async () => {
    well = true;
    canRestore = true;
    state = 'before';
    for (const rig of open.splice(0)) await rig.close();
  });

  it('a success that does not last is not fixed, and is undone', async () => {
    const rig = await rigWith({ stable_s: 30 });
    const asked = await rig.ask({ action: 'change', target: 'host' });
    assert.ok(asked.ok);
    const { id } = asked.value.run;
    while (!(await rig.actions.runs({ limit: 1 }))[0]?.stable_until) await delay(5);
    well = false;
    const ended = await asked.value.done;
    assert.equal(ended.id, id);
    assert.equal(ended.outcome, 'rolled_back');
    assert.match(ended.message, /not for 30 s/);
    assert.equal(state, 'before');
  });

  it('a success that lasts is fixed, and says for how long', async () => {
    const rig = await rigWith({ stable_s: 0.3 });
    const run = await rig.run({ action: 'change', target: 'host' });
    assert.deepEqual([run.outcome, run.message], ['fixed', 'verified, and steady for 0.3 s']);
  });

  it('while a success is watched somebody else may act, and then nobody claims it', async () => {
    const rig = await rigWith({ stable_s: 30 });
    const asked = await rig.ask({ action: 'change', target: 'host' });
    assert.ok(asked.ok);
    while (!(await rig.actions.runs({ limit: 1 }))[0]?.stable_until) await delay(5);
    const second = await rig.ask({ action: 'works', target: 'host', actor: person });
    assert.ok(second.ok);
    assert.equal((await asked.value.done).outcome, 'unknown');
    assert.equal((await second.value.done).outcome, 'fixed');
  });

  it('undoing that cannot be seen to have worked is not called undone', async () => {
    const rig = await rigWith();
    const run = await rig.run({ action: 'change', target: 'host' });
    canRestore = false;
    const undone = await rig.actions.undo(run.id, person);
    assert.equal(undone.ok && undone.value.outcome, 'fixed');
    assert.match(undone.ok ? undone.value.message : '', /not everything is as it was/);
  });

  it('undone by two people at once it is put back once', async () => {
    const rig = await rigWith();
    const run = await rig.run({ action: 'change', target: 'host' });
    restores = 0;
    const both = await Promise.all([
      rig.actions.undo(run.id, person),
      rig.actions.undo(run.id, 'device:other'),
      rig.actions.flip(run.id, 'it did not last'),
    ]);
    assert.equal(both.filter((one) => one?.ok).length, 1);
    assert.equal(restores, 1);
    assert.equal((await rig.actions.runs({ limit: 1 }))[0]?.outcome, 'rolled_back');
  });

  it('parameters are used as they were asked and journaled without secrets', async () => {
    const rig = await rigWith();
    const run = await rig.run({ action: 'change', target: 'host', params: { secret: 'hunter22' } });
    assert.equal(state, 'hunter22');
    assert.deepEqual(run.params, { secret: '[redacted]' });
  });

  it('an approval that nobody gives expires', async () => {
    const rig = await rigWith({ approval_expires_s: 1 });
    const run = await rig.run({ action: 'erase', target: 'host', actor: person });
    assert.deepEqual([run.outcome, run.message], ['cancelled', 'not begun: nobody approved it in time']);
    assert.equal(state, 'before');
  });

  it('where the policy says so, whoever asked may not approve; who did is on record', async () => {
    const rig = await rigWith({ approval_by_another: true });
    const asked = await rig.ask({ action: 'erase', target: 'host', actor: person });
    assert.ok(asked.ok);
    const { id } = asked.value.run;
    const own = await rig.actions.approve(id, person);
    assert.equal(own.ok ? '' : own.fault.code, 'approval_by_another');
    assert.ok((await rig.actions.approve(id, 'device:other')).ok);
    const ended = await asked.value.done;
    assert.deepEqual([ended.outcome, ended.approved_by], ['fixed', 'device:other']);
  });

  it('an approval that is denied says by whom', async () => {
    const rig = await rigWith();
    const asked = await rig.ask({ action: 'erase', target: 'host', actor: 'watchdog' });
    assert.ok(asked.ok);
    const denied = await rig.actions.cancel(asked.value.run.id, person);
    assert.match(denied.ok ? denied.value.message : '', /denied by device:test/);
  });

  it('what cannot be stopped within 3 s says so, and keeps its lock', async () => {
    const rig = await rigWith();
    const asked = await rig.ask({ action: 'deaf', target: 'host' });
    assert.ok(asked.ok);
    while (!deaf.began) await delay(5);
    const cancelled = await rig.actions.cancel(asked.value.run.id, person);
    assert.match(cancelled.ok ? cancelled.value.message : '', /could not be stopped within 3 s/);
    const next = await rig.ask({ action: 'works', target: 'host' });
    assert.equal(next.ok ? '' : next.fault.details?.['guard'], 'lock');
  });

  it('a breaker that opens is told of, survives a restart and closes with a trial that works', async () => {
    const moved = { wall: 0, monotonic: 0 };
    const clock: Clock = {
      now: () => Date.now() + moved.wall,
      monotonic: () => performance.now() + moved.monotonic,
    };
    const watchdog = { cooldown_s: [0], max_restarts: 5, half_open_after_s: 600 };
    const first = await rigWith(watchdog, { clock });
    const target = 'agent:codex';
    await first.run({ action: 'repair', target });
    await first.run({ action: 'repair', target });
    await assert.rejects(first.run({ action: 'repair', target }), /did not last/);
    const tripped = first.seen.find(({ type }) => type === 'guard.tripped');
    assert.equal(tripped?.subject, target);
    const [guard] = first.actions.guards(target);
    assert.ok((guard?.breaker_open_until ?? 0) > clock.now() + 500_000);
    assert.equal(guard?.restarts_in_window, 2);
    await assert.rejects(first.run({ action: 'works', target }), /one trial in/);
    assert.equal(
      (await first.run({ action: 'works', target: 'host' })).outcome,
      'fixed',
      'others are not held',
    );

    // Control is started again; meanwhile somebody set the clock a day ahead and back again.
    moved.wall = 86_400_000;
    const second = await openActionRig({ watchdog, more, clock, home: first.home });
    try {
      await assert.rejects(second.run({ action: 'works', target }), /one trial in/);
      moved.monotonic += 601_000;
      assert.equal((await second.run({ action: 'works', target })).outcome, 'fixed');
      assert.equal(second.actions.guards(target)[0]?.breaker_open_until, null);
      assert.ok(second.seen.some(({ type }) => type === 'guard.closed'));
    } finally {
      await second.close();
    }
  });

  it('a person closes a breaker at once', async () => {
    const rig = await rigWith({ cooldown_s: [0] });
    await rig.run({ action: 'repair', target: 'host' });
    await rig.run({ action: 'repair', target: 'host' });
    await assert.rejects(rig.run({ action: 'repair', target: 'host' }), /did not last/);
    await rig.actions.resetGuard('host', person);
    await rig.run({ action: 'repair', target: 'host' });
    assert.ok(healthyRestarts > 0);
  });

  it('closing the breaker of what nothing was done to keeps nothing and tells nobody', async () => {
    const rig = await rigWith();
    await rig.actions.resetGuard('never-heard-of', person);
    assert.deepEqual(
      rig.actions.guards().filter(({ target }) => target === 'never-heard-of'),
      [],
    );
  });

  it('money for questions is counted on disk before they are asked', async () => {
    const rig = await rigWith();
    const policy = () => ({ everyMs: 0, callsPerDay: 2, microsPerMonth: 1000 });
    const deps = {
      store: rig.store,
      clock: { now: Date.now, monotonic: () => performance.now() },
      name: 'diagnosis',
      policy,
    };
    const one = createSpendGuard(deps);
    await one.start();
    assert.ok((await one.reserve('a', 600)).allow);
    assert.equal((await one.reserve('b', 600)).allow, false);
    // The process ends with the call under way: it may have been charged.
    const two = createSpendGuard(deps);
    await two.start();
    assert.deepEqual([two.state().microsThisMonth, two.state().callsToday], [600, 1]);
    assert.ok((await two.reserve('c', 100)).allow);
    await two.settle('c', 50);
    const last = await two.reserve('d', 1);
    assert.equal(last.allow ? '' : last.guard, 'ai_day');
  });
});
