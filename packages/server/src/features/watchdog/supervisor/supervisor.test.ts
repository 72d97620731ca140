import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { ServiceConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { isAlive } from '../../../platform/process/index.ts';
import { createSupervisor, type Instance } from './supervisor.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-supervisor-'));
after(() => rmSync(home, { recursive: true, force: true }));
const work = { signal: new AbortController().signal, note: () => undefined };

it('asked to start twice at once it starts once, and who ends it meanwhile ends what was started', async () => {
  const started: Instance[] = [];
  const supervisor = createSupervisor({
    config: () =>
      ServiceConfig.parse({ name: 'toy', command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] }),
    home,
    baseEnv: {},
    environmentOf: () => ({}),
    clock: systemClock,
    log: silentLog,
    onStarted: (instance) => started.push(instance),
    onDead: () => undefined,
  });
  const both = [supervisor.start(work), supervisor.start(work)];
  const ended = supervisor.end(2000, work);
  const answers = await Promise.all(both);
  assert.deepEqual(
    answers.map((one) => one.ok || one.fault.code),
    [true, 'already_running'],
  );
  assert.equal((await ended).ok, true);
  assert.equal(started.length, 1);
  assert.ok(started[0]);
  assert.equal(isAlive(started[0].identity), false);
  assert.equal(supervisor.current(), null);
});
