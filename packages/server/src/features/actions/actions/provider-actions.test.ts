import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Adaptation } from '@vigiles/contract';
import { openActionRig, type ActionRig } from '../testing/action-rig.ts';
import { gatewayStandIn } from '../testing/gateway-stand-in.ts';

const lesson = (id: string, more: Partial<Adaptation> = {}): Adaptation => ({
  id,
  provider: 'openai',
  model: 'gpt',
  protocol: 'openai-chat',
  change: '-temperature',
  edit: { do: 'drop', field: 'temperature' },
  reason: 'unknown-field',
  evidence: 'no',
  status: 400,
  count: 1,
  first_seen: 0,
  last_seen: 0,
  expires_at: 1e15,
  pinned: false,
  in_force: true,
  ...more,
});

describe('actions on providers', () => {
  const gateway = gatewayStandIn({
    openai: { models: ['gpt'] },
    backup: { models: ['llama'] },
    flaky: { models: ['x'], answers: false, seemsWell: true },
  });
  let rig: ActionRig;
  const target = 'provider:openai';
  const person = 'device:test';

  before(async () => {
    const watchdog = { cooldown_s: [0, 0, 0, 0], max_restarts: 100, storm_limit: 1000 };
    rig = await openActionRig({ faces: { gateway: gateway.targets }, watchdog });
  });
  after(() => rig.close());

  it('switch_provider leads turns around a provider, and is undone by whoever asks', async () => {
    const plan = await rig.plan({ action: 'switch_provider', target });
    assert.equal(plan.refusal, null);
    assert.match(plan.steps.join('\n'), /Send its turns to backup\/llama/);
    assert.deepEqual(gateway.overrides(), [], 'a plan changes nothing');
    const run = await rig.run({ action: 'switch_provider', target, params: { for_s: 60 } });
    assert.equal(run.outcome, 'fixed');
    assert.equal(run.undoable, true);
    const [override] = gateway.overrides();
    assert.deepEqual([override?.hold, override?.detour_to], [true, 'backup/llama']);
    assert.ok((override?.until ?? 0) <= Date.now() + 60_000);
    await assert.rejects(rig.run({ action: 'switch_provider', target }), /held back already/);
    const undone = await rig.actions.undo(run.id, person);
    assert.equal(undone.ok && undone.value.outcome, 'rolled_back');
    assert.deepEqual(gateway.overrides(), []);
    const again = await rig.actions.undo(run.id, person);
    assert.equal(again.ok ? '' : again.fault.code, 'not_undoable');
  });

  it('switch_provider puts things back when the other provider does not answer either', async () => {
    const run = await rig.run({ action: 'switch_provider', target, params: { to: 'flaky/x' } });
    assert.deepEqual([run.outcome, run.undoable], ['rolled_back', false]);
    assert.deepEqual(gateway.overrides(), []);
    const asked = rig.run({ action: 'switch_provider', target, params: { to: 'nobody' } });
    await assert.rejects(asked, /does not work or is not there/);
  });

  it('a provider that nobody knows is refused', async () => {
    await assert.rejects(
      rig.run({ action: 'switch_provider', target: 'provider:nobody' }),
      /no provider nobody/,
    );
  });

  it('an action is refused for a target it is not made for', async () => {
    await assert.rejects(rig.run({ action: 'switch_provider', target: 'host' }), /is for provider, model/);
  });

  it('increase_timeout is bounded, holds for a while and is undone', async () => {
    const asked = { action: 'increase_timeout', target, params: { factor: 10, for_s: 60 } };
    const run = await rig.run(asked);
    assert.equal(run.outcome, 'unknown', 'more time is no answer yet');
    const [override] = gateway.overrides();
    assert.deepEqual([override?.idle_timeout_s, override?.connect_timeout_s], [1800, 100]);
    await rig.run(asked);
    await assert.rejects(rig.run(asked), /all the time it may have/);
    assert.ok((await rig.actions.undo(run.id, person)).ok);
    for (const { id } of gateway.overrides()) await gateway.targets.endOverride(id, person, '');
  });

  it('wait_retry_after holds a provider until the time it named, then asks it', async () => {
    const asked = await rig.ask({ action: 'wait_retry_after', target, params: { retry_after_s: 0.05 } });
    assert.ok(asked.ok);
    assert.equal((await asked.value.done).outcome, 'fixed');
    assert.deepEqual(gateway.overrides(), []);
  });

  it('wait_retry_after waits ten minutes at most, and cancelling it lets go of the provider', async () => {
    const asked = await rig.ask({ action: 'wait_retry_after', target, params: { retry_after_s: 1e6 } });
    assert.ok(asked.ok);
    while (gateway.overrides().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok((gateway.overrides()[0]?.until ?? 0) <= Date.now() + 600_000);
    const cancelled = await rig.actions.cancel(asked.value.run.id, person);
    assert.equal(cancelled.ok && cancelled.value.outcome, 'cancelled');
    assert.deepEqual(gateway.overrides(), []);
  });

  it('retry_with_backoff looks until the provider answers', async () => {
    gateway.answers('openai', false);
    const params = { first_s: 0.02, attempts: 3 };
    assert.equal((await rig.run({ action: 'retry_with_backoff', target, params })).outcome, 'not_fixed');
    gateway.answers('openai', true);
    assert.equal((await rig.run({ action: 'retry_with_backoff', target, params })).outcome, 'fixed');
  });

  it('clear_schema_cache forgets what was learned, keeps what is pinned, and puts it back when turns fail', async () => {
    gateway.learn(
      lesson('adp_1'),
      lesson('adp_2', { pinned: true }),
      lesson('adp_3', { provider: 'backup' }),
    );
    gateway.settle({ answered: 0, failed: 2 });
    const failed = await rig.run({ action: 'clear_schema_cache', target, params: { wait_s: 0.1 } });
    assert.equal(failed.outcome, 'rolled_back');
    assert.deepEqual(
      gateway
        .learned()
        .map(({ id }) => id)
        .sort(),
      ['adp_1', 'adp_2', 'adp_3'],
    );
    gateway.settle({ answered: 1, failed: 0 });
    const fixed = await rig.run({ action: 'clear_schema_cache', target });
    assert.equal(fixed.outcome, 'fixed');
    assert.deepEqual(
      gateway
        .learned()
        .map(({ id }) => id)
        .sort(),
      ['adp_2', 'adp_3'],
    );
    assert.ok((await rig.actions.undo(fixed.id, person)).ok);
    assert.equal(gateway.learned().length, 3);
  });

  it('clear_schema_cache does not judge by turns that were under way when it forgot', async () => {
    gateway.learn(lesson('adp_9'));
    gateway.settle({ answered: 0, failed: 1 });
    const running = rig.run({ action: 'clear_schema_cache', target });
    setTimeout(() => gateway.settle({ answered: 1, failed: 1 }), 100);
    const done = await running;
    assert.equal(done.outcome, 'fixed');
    assert.ok((await rig.actions.undo(done.id, person)).ok);
  });

  it('clear_schema_cache without a turn to judge by says that nobody knows', async () => {
    gateway.settle({ answered: 0, failed: 0 });
    const run = await rig.run({ action: 'clear_schema_cache', target, params: { wait_s: 0 } });
    assert.equal(run.outcome, 'unknown');
  });

  it('suggest_switch_model names what could answer, and alert_user has words for each kind', async () => {
    await rig.run({ action: 'suggest_switch_model', target: 'model:openai/gpt' });
    await rig.run({ action: 'alert_user', target, params: { kind: 'bad_key' } });
    const alerts = rig.seen.flatMap((event) => (event.type === 'alert.raised' ? [event.data] : [])) as {
      title: string;
      message: string;
    }[];
    assert.match(alerts.at(-2)?.message ?? '', /backup\/llama/);
    assert.match(alerts.at(-1)?.title ?? '', /refuses the key/);
    await assert.rejects(rig.run({ action: 'alert_user', target, params: {} }), /do not fit/);
  });
});
