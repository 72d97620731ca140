import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import { startTestControl, until, type TestControl } from '../../server/src/testing/test-control.ts';

const folder = new URL('..', import.meta.url);
const [orchestrator = '', dashboard = ''] = [
  ...readFileSync(new URL('README.md', folder), 'utf8').matchAll(/```js\n([^]*?)```/g),
].map(([, code]) => code);

let test: TestControl;
before(async () => {
  test = await startTestControl();
});
after(() => test.close());

/** A program as the README has it, with its address and token in the environment. */
function run(code: string): { output(): string; ended: Promise<number | null>; kill(): void } {
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: folder,
    env: { ...process.env, VIGILES_URL: test.url, VIGILES_TOKEN: test.admin },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stdin.end(code);
  return { output: () => output, ended, kill: () => void child.kill('SIGKILL') };
}

it('the README’s orchestrator and dashboard run as they are written', async () => {
  const programs = [run(orchestrator)];
  try {
    await until(
      'the session is there',
      async () => (await test.control.sessions.get('nightly-refactoring')) !== null,
    );
    programs.push(run(dashboard));
    assert.deepEqual(await Promise.all(programs.map(({ ended }) => ended)), [0, 0]);
    assert.match(programs[0]?.output() ?? '', /decided: the old one by default/);
    const seen = programs[1]?.output() ?? '';
    assert.match(seen, /execution:completed/);
    // On a slow machine it is over before the HALT comes.
    assert.match(seen, /accepted: |Cannot halt/);
    const session = await test.control.sessions.get('nightly-refactoring');
    assert.equal(session?.status, 'completed');
  } finally {
    for (const { kill } of programs) kill();
  }
});
