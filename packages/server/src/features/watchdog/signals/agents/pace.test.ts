import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentWatchConfig } from '@vigiles/contract';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createAgentWatch } from './agent-watch.ts';

test('settings that change while it looks do not make it look more often', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const config = AgentWatchConfig.parse({ interval_s: 5 });
  const first = Promise.withResolvers<void>();
  let looks = 0;
  const watch = createAgentWatch({
    clock: systemClock,
    log: silentLog,
    config,
    signal: () => undefined,
    async find() {
      looks += 1;
      await first.promise;
      return [];
    },
  });
  const turns = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
  };
  watch.start();
  for (let times = 0; times < 3; times += 1) watch.reload(config);
  first.resolve();
  await watch.look();
  for (let round = 0; round < 2; round += 1) {
    const before = looks;
    // A look sets the time of the next one when it has ended, in its own time.
    for (const goesOn = () => looks === before; goesOn();) {
      t.mock.timers.tick(5000);
      await turns();
    }
    // Comes after all that this tick began.
    await watch.look();
    assert.equal(looks, before + 2, 'one, and the one that was asked for');
  }
  await watch.stop();
});
