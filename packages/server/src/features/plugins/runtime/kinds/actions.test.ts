import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ServiceView } from '../../../actions/index.ts';
import { openActionRig } from '../../../actions/testing/action-rig.ts';
import { createPluginRig } from '../testing/plugin-rig.ts';
import { pluginActions } from './actions.ts';

const plugins = createPluginRig({ limits: { graceMs: 5000 } });
const service: ServiceView = {
  name: 'api',
  title: 'api',
  state: 'DOWN',
  reason: '',
  supervised: false,
  identity: null,
  healthy: false,
  port: null,
  parentDown: null,
  restartRisk: 'disruptive',
};
const rig = await openActionRig({
  faces: {
    services: {
      look: (name: string) => (name === 'api' ? service : null),
      awaitHealthy: () => Promise.resolve('unknown' as const),
      findStale: () => [],
    } as never,
  },
});
after(async () => {
  await rig.close();
  await plugins.close();
});

const resolve = (text: string): string => (text === '${secret:token}' ? 'very-secret-token' : text);
const offer = (): void => rig.actions.offer(pluginActions(plugins.runtime, resolve));
plugins.runtime.subscribe(offer);

const mender = plugins.install({
  id: 'mender',
  provides: ['mend', 'hang', 'fail', 'wipe'].map((name) => ({ kind: 'action', name })),
  permissions: { secrets: ['token'] },
  main: `
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
const file = (context) => context.dataFolder + '/state';
const state = (context) => (existsSync(file(context)) ? readFileSync(file(context), 'utf8') : 'old');
export default { actions: {
  mend: {
    title: 'Mend', risk: 'reversible', options: { properties: { to: { type: 'string', default: 'new' }, worse: { type: 'boolean', default: false } } },
    plan: ({ options, target }) => ['Mend ' + target + ' to ' + options.to],
    precheck: (context) => (state(context) === context.options.to ? 'it is ' + context.options.to + ' already' : null),
    snapshot: (context) => ({ was: state(context) }),
    perform(context) { context.note('mending with ' + context.secret('token')); writeFileSync(file(context), context.options.to); },
    verify: (context) => (context.options.worse ? 'not_fixed' : state(context) === context.options.to ? 'fixed' : 'not_fixed'),
    rollback: (context, snapshot) => writeFileSync(file(context), snapshot.was),
    restored: (context, snapshot) => state(context) === snapshot.was,
  },
  hang: { title: 'Hang', risk: 'reversible', timeout_s: 1, perform: () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); } },
  fail: { title: 'Fail', risk: 'reversible', perform: ({ secret }) => { throw new Error('no luck with ' + secret('token')); } },
  wipe: { title: 'Wipe', risk: 'destructive', perform() {} },
} };`,
});
await plugins.runtime.sync([mender]);
await plugins.until('mender', ({ state }) => state === 'running');

const ask = (action: string, params: Record<string, unknown> = {}) => ({
  action: `mender/${action}`,
  target: 'api',
  params,
});

test('a plugin’s action is planned, done, verified and noted like any other, and its secret is nowhere', async () => {
  const planned = await rig.plan(ask('mend'));
  assert.deepEqual(planned.steps, ['Mend api to new']);
  assert.equal(planned.undoable, true);
  assert.ok(planned.guards, 'guards hold for it');
  const run = await rig.run(ask('mend'));
  assert.deepEqual([run.outcome, run.risk], ['fixed', 'reversible']);
  assert.ok(run.evidence.some(({ text }) => text === 'mending with [redacted]'));
  assert.ok(!JSON.stringify(rig.seen).includes('very-secret-token'));
});

test('its own look before it begins is heard, and its undo puts back what was', async () => {
  await assert.rejects(rig.run({ ...ask('mend'), actor: 'device:test' }), /it is new already/);
  const run = await rig.run({ ...ask('mend', { to: 'newer' }), actor: 'device:test' });
  assert.equal(run.outcome, 'fixed');
  const undone = await rig.actions.undo(run.id, 'device:test');
  assert.equal(undone.ok && undone.value.outcome, 'rolled_back');
  await assert.rejects(rig.run({ ...ask('mend'), actor: 'device:test' }), /it is new already/);
});

test('what did not help is rolled back by itself', async () => {
  const run = await rig.run({ ...ask('mend', { to: 'broken', worse: true }), actor: 'device:test' });
  assert.equal(run.outcome, 'rolled_back');
});

test('what a plugin throws is the run’s failure, without the secret in it', async () => {
  const run = await rig.run({ ...ask('fail'), actor: 'device:test' });
  assert.notEqual(run.outcome, 'fixed');
  assert.match(JSON.stringify(run), /no luck with \[redacted\]/);
});

test('a destructive one waits for an approval, and one with params it does not know is refused', async () => {
  const asked = await rig.ask(ask('wipe'));
  assert.ok(asked.ok);
  assert.equal(asked.value.run.state, 'awaiting_approval');
  await rig.actions.cancel(asked.value.run.id, 'device:test');
  const wrong = await rig.ask({ ...ask('mend', { nothing: 1 }), actor: 'device:test' });
  assert.equal(!wrong.ok && wrong.fault.code, 'bad_params');
});

test('one that hangs is over in its time, and its process is started again', async () => {
  const run = await rig.run({ ...ask('hang'), actor: 'device:test' });
  assert.notEqual(run.outcome, 'fixed');
  await plugins.until('mender', ({ state, crashes }) => state === 'running' && crashes === 1);
});

test('without its plugin the action is unknown, and the built-in ones stay', async () => {
  await plugins.runtime.sync([]);
  offer();
  const asked = await rig.ask(ask('mend'));
  assert.equal(!asked.ok && asked.fault.code, 'unknown_action');
  assert.equal((await rig.run({ action: 'ignore', target: 'api' })).outcome, 'unknown');
});
