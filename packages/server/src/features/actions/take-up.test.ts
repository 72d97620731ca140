import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { WatchdogConfig, type ActionRun } from '@vigiles/contract';
import { z } from 'zod';
import { silentLog } from '../../kernel/log.ts';
import { until } from '../../testing/test-control.ts';
import { createActions, defineAction, type ActionDefinition } from './index.ts';
import type { StoredRun } from './store.ts';
import { createTakeUp } from './take-up.ts';
import { openActionRig } from './testing/action-rig.ts';

const verified: string[] = [];
const begun: string[] = [];
/** An action of a plugin, as its process says it. */
const ofPlugin = (id: string, risk: 'reversible' | 'destructive' = 'reversible'): ActionDefinition =>
  defineAction({
    id,
    title: id,
    params: z.strictObject({}),
    targets: ['host'],
    guarded: false,
    timeoutMs: 60_000,
    lock: (target) => `${id} ${target}`,
    risk: () => risk,
    plan: () => ['Do it'],
    precheck: () => null,
    perform: ({ signal }) => {
      begun.push(id);
      return new Promise((_done, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
    },
    verify: async () => {
      verified.push(id);
      return 'fixed';
    },
  });
const actionsOfPlugins = [
  ofPlugin('kept/mend'),
  ofPlugin('kept/wipe', 'destructive'),
  ofPlugin('gone/mend'),
  ofPlugin('gone/wipe', 'destructive'),
];
const ended: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ended) await end();
});

it('what could not be taken up while the store was away is taken up later, and what came after it too', async () => {
  let away = true;
  const committed: string[] = [];
  const left = createTakeUp({
    definitions: new Map(),
    isThere: () => true,
    isLocked: () => false,
    resume: async () => undefined,
    async commit({ stored }) {
      if (away) throw new Error('the store is away');
      committed.push(stored.run.id);
    },
    now: () => 1,
    pluginWaitMs: 60_000,
    log: silentLog,
  });
  const run = (id: string) =>
    ({
      run: { id, action: 'gone', target: 'host', started_at: 1 },
      key: null,
      fault: '',
    }) as unknown as StoredRun;
  await left.take([run('a'), run('b')]);
  assert.deepEqual(committed, []);
  away = false;
  await until('both are taken up', () => committed.length === 2);
  assert.deepEqual(committed, ['a', 'b']);
  await left.stop();
});

it('what a plugin had under way when control was killed is verified once the plugin is up; without it, it says why nobody knows', async () => {
  const rig = await openActionRig();
  ended.push(() => rig.close());
  rig.actions.offer(actionsOfPlugins);
  const ids = new Map<string, string>();
  for (const { id } of actionsOfPlugins) {
    const asked = await rig.ask({ action: id, target: 'host', actor: 'device:test' });
    assert.ok(asked.ok, id);
    ids.set(id, asked.value.run.id);
  }
  await until('two run', () => begun.length === 2);

  // Another process finds what the first one left: its plugins are not up yet.
  const config = WatchdogConfig.parse({ veto_s: 0, stable_s: 0 });
  const { store, events } = rig;
  const resumed = async (pluginWaitMs: number) => {
    const actions = createActions({ store, events, log: silentLog, config, pluginWaitMs });
    ended.unshift(() => actions.stop());
    await actions.start();
    await actions.resume();
    return actions;
  };
  const next = await resumed(600_000);
  const runs = async (): Promise<Record<string, ActionRun | undefined>> =>
    Object.fromEntries((await rig.actions.runs({ limit: 10 })).map((run) => [run.action, run]));
  assert.equal(
    (await runs())['kept/mend']?.state,
    'running',
    'nothing is said of it before its plugin is up',
  );

  next.offer(actionsOfPlugins.filter(({ id }) => id.startsWith('kept/')));
  await until('it is verified', async () => (await runs())['kept/mend']?.outcome === 'fixed');
  assert.deepEqual(verified, ['kept/mend'], 'verified, not repeated');
  assert.equal((await runs())['kept/wipe']?.state, 'awaiting_approval', 'it still waits for a person');
  const approvable = await next.cancel(ids.get('kept/wipe') ?? '', 'device:test');
  assert.ok(approvable.ok, 'and can be called off');

  await next.stop();
  await resumed(20);
  await until('the others are given up', async () => {
    const { 'gone/mend': first, 'gone/wipe': second } = await runs();
    return first?.state === 'finished' && second?.state === 'finished';
  });
  const { 'gone/mend': ran, 'gone/wipe': waited } = await runs();
  assert.equal(ran?.outcome, 'unknown');
  assert.match(ran?.message ?? '', /its plugin has not said within 0.02 s that it brings gone\/mend/);
  assert.equal(waited?.outcome, 'cancelled', 'what was never begun is not unknown');
  assert.match(waited?.message ?? '', /^not begun: Vigiles was restarted/);
  await until('it is in the audit chain', async () => {
    const records = await rig.actions.audit.read(0, 100);
    return records.filter(({ verb }) => verb === 'action.abandoned').length === 2;
  });
});
