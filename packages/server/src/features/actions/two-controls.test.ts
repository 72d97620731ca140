import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WatchdogConfig } from '@vigiles/contract';
import { z } from 'zod';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { createPresence, presenceMigrations } from '../../platform/presence/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createActions, defineAction, migrations } from './index.ts';

forEachStore('runs of two controls on one database', (openStore, newPlace, dialect) => {
  if (dialect === 'sqlite') return;

  it('belong to whoever began them, and are verified by one of the others once that one is gone', async () => {
    const place = await newPlace();
    let performed = 0;
    let verified = 0;
    const open = async () => {
      const store = await openStore({
        place,
        migrations: { ...eventLogMigrations, ...presenceMigrations, ...migrations },
      });
      const events = createEventLog({ store, log: silentLog, validate: true });
      await events.start();
      const presence = createPresence({ store, log: silentLog });
      let began = () => {};
      const begun = new Promise<void>((done) => (began = done));
      const endless = defineAction({
        id: 'endless',
        title: 'Endless',
        params: z.strictObject({}),
        targets: ['host'],
        guarded: false,
        timeoutMs: 60_000,
        lock: (target) => target,
        risk: () => 'reversible',
        plan: () => [],
        precheck: () => null,
        perform: ({ signal }) => {
          performed += 1;
          began();
          return new Promise((_done, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
        },
        verify: async () => {
          verified += 1;
          return 'fixed';
        },
      });
      const config = WatchdogConfig.parse({ veto_s: 0, stable_s: 0 });
      const actions = createActions({ store, events, presence, log: silentLog, config, more: [endless] });
      await presence.component.start?.();
      await actions.start();
      return { events, presence, actions, begun };
    };
    const one = await open();
    const asked = await one.actions.request({
      action: 'endless',
      target: 'host',
      actor: 'watchdog',
      reason: 'test',
    });
    assert.ok(asked.ok);
    await one.begun;
    const stateOf = async () => (await one.actions.runs({ limit: 1 }))[0]?.state;

    const [two, three] = [await open(), await open()];
    await two.actions.resume();
    assert.equal(await stateOf(), 'running');

    await one.presence.component.stop?.();
    const finished = new Promise<string | null>((done) => {
      for (const { actions } of [two, three])
        actions.subscribe((run) => run.state === 'finished' && done(run.outcome));
    });
    await Promise.all([two.actions.resume(), three.actions.resume()]);
    assert.equal(await finished, 'fixed');
    assert.deepEqual([performed, verified, await stateOf()], [1, 1, 'finished']);
    for (const { actions, events } of [one, two, three]) {
      await actions.stop();
      await events.stop();
    }
    for (const { presence } of [two, three]) await presence.component.stop?.();
  });
});
