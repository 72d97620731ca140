import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { runProbe } from './run-probe.ts';
import { runProgram } from './run-program.ts';

const block = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const shell = (script: string) =>
  runProgram({ command: ['/bin/sh', '-c', script], env: { PATH: '/usr/bin:/bin' }, timeoutMs: 60_000 });

const quick = { command: ['/bin/sh', '-c', 'sleep 0.3; printf said'], env: { PATH: '/usr/bin:/bin' } };

/** The event loop hears of the end of this one together with that of a program started before it, and does not come to anything else for a while. */
function endsToo(forMs: number): void {
  const other = spawn('/bin/echo', ['word']);
  other.stdout.on('data', () => block(500));
  other.on('exit', () => block(forMs));
  block(100);
}

describe('a program run to its end', () => {
  it('its last words are not lost when its end is heard of with that of another', async () => {
    const asked = runProgram({ ...quick, timeoutMs: 60_000 });
    endsToo(300);
    assert.equal((await asked).output, 'said');
  });

  it('those of a probe are not lost either', async () => {
    const asked = runProbe({ ...quick, signal: new AbortController().signal });
    endsToo(300);
    assert.equal((await asked).stdout, 'said');
  });

  it('a child that it leaves behind with its output holds nobody', async () => {
    const end = await shell('sleep 100 & printf $!');
    process.kill(Number(end.output));
    assert.deepEqual([end.code, end.stopped], [0, null]);
  });

  it('one that cannot be started says why', async () => {
    const end = await runProgram({ command: ['no-such-program'], env: {}, timeoutMs: 60_000 });
    assert.match(end.error ?? '', /ENOENT/);
  });
});
