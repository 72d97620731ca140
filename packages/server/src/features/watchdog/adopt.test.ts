import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { identify } from '../../platform/process/index.ts';
import { freePort, httpService, openRig, removeHome, tempHome, until } from './testing/rig.ts';

const quick = { cooldown_s: Array(10).fill(0) };
const rigModule = new URL('./testing/rig.ts', import.meta.url).href;

describe('a control that was killed', () => {
  it('leaves its service running, the next one adopts it and heals it', async () => {
    const home = tempHome();
    const port = await freePort();
    const service = httpService(home, port);
    const script = join(home, 'control.mts');
    writeFileSync(
      script,
      `import { openRig } from ${JSON.stringify(rigModule)};
      const rig = await openRig({ home: ${JSON.stringify(home)}, services: [${JSON.stringify(service)}] });
      await rig.up('web');
      process.stdout.write('up\\n');
      setInterval(() => {}, 1000);`,
    );
    const control = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      control.stdout.once('data', () => resolve());
      control.once('exit', (code) => reject(new Error(`control ended: ${code}`)));
    });
    control.kill('SIGKILL');
    await new Promise((resolve) => control.once('exit', resolve));
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);

    const replaced: number[] = [];
    const hooks = { web: { onReplaced: ({ pid }: { pid: number }) => void replaced.push(pid) } };
    const rig = await openRig({ home, services: [service], watchdog: quick, hooks });
    try {
      await rig.up('web');
      const adopted = rig.service('web');
      assert.equal(adopted.kind, 'adopted');
      assert.deepEqual(replaced, [adopted.pid]);
      assert.equal((await rig.watchdog.incidents({ limit: 10 })).length, 0);

      process.kill(adopted.pid ?? 0, 'SIGKILL');
      const incident = await rig.incident('web', 'closed');
      assert.equal(incident.outcome, 'fixed');
      assert.equal(rig.service('web').kind, 'supervised');
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('does not make the next one adopt or signal a process that only has the same pid', async () => {
    const home = tempHome();
    const port = await freePort();
    const service = httpService(home, port);
    const first = await openRig({ home, services: [service] });
    await first.up('web');
    await first.close({ keepRunning: true });
    const runFile = join(home, 'run', 'services', 'web.json');
    const record = JSON.parse(readFileSync(runFile, 'utf8'));
    process.kill(record.pid, 'SIGKILL');
    await until('it is gone', () => identify(record.pid) === null);
    const bystander = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' });
    writeFileSync(runFile, JSON.stringify({ ...record, pid: bystander.pid }));
    const rig = await openRig({ home, services: [service], watchdog: quick });
    try {
      await rig.up('web');
      assert.notEqual(rig.service('web').pid, bystander.pid);
      assert.equal(bystander.exitCode, null);
      assert.equal(bystander.signalCode, null);
    } finally {
      await rig.close();
      bystander.kill('SIGKILL');
      removeHome(home);
    }
  });

  it('has its service replaced when the service cannot prove what it is', async () => {
    const home = tempHome();
    const port = await freePort();
    const service = httpService(home, port);
    const first = await openRig({ home, services: [service] });
    await first.up('web');
    const before = first.service('web').pid;
    await first.close({ keepRunning: true });
    const rig = await openRig({ home, services: [service], hooks: { web: { prove: async () => false } } });
    try {
      await rig.up('web');
      assert.notEqual(rig.service('web').pid, before);
      assert.equal(identify(before ?? 0), null, 'it carried our mark, so it was ours to end');
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});
