import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../../../../platform/process/index.ts';
import { startAgentChild, type AgentChild } from './agent-child.ts';
import { createOffspring } from './offspring.ts';

/** Real processes: an agent that starts something which leaves its tree, its group and its session. */

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-child-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function until<T>(what: string, ask: () => T | null): Promise<T> {
  for (const end = performance.now() + 30_000; performance.now() < end; await delay(20)) {
    const answer = ask();
    if (answer !== null) return answer;
  }
  throw new Error(`never: ${what}`);
}

/** An agent whose background process has no parent of its own any more. */
async function withStray(sessionId: string): Promise<{ child: AgentChild; stray: ProcessIdentity }> {
  const file = join(folder, `${sessionId}.pid`);
  const script = `(setsid sh -c 'echo $$ > "${file}"; exec sleep 300' &) ; exec cat`;
  const env = { PATH: process.env['PATH'] ?? '' };
  const child = await startAgentChild(
    ['sh', '-c', script],
    { env, folder },
    {},
    {
      name: 'The agent',
      folder: join(folder, 'pipes'),
      sessionId,
      onLine: () => undefined,
      onLost: () => undefined,
    },
  );
  const stray = await until('its background process', () => {
    try {
      return identify(Number(readFileSync(file, 'utf8')));
    } catch {
      return null;
    }
  });
  return { child, stray };
}

test('what an agent left in the background is known as its own, and reaped without it', async () => {
  const { child, stray } = await withStray('ses_reaped');
  const other = await withStray('ses_other');
  try {
    const offspring = createOffspring(child.identity, 'ses_reaped');
    await until('it is found', () => (offspring.now().some(({ pid }) => pid === stray.pid) ? true : null));
    const report = await offspring.reap(0);
    assert.deepEqual([report.gone, report.left], [true, []]);
    assert.equal(isAlive(stray), false);
    assert.ok(isAlive(child.identity), 'the agent itself lives');
    assert.ok(isAlive(other.stray), 'another session’s is left alone');
  } finally {
    await Promise.all([child.kill(), other.child.kill()]);
  }
  assert.equal(isAlive(other.stray), false);
});

test('an agent is ended together with what it left in the background', async () => {
  const { child, stray } = await withStray('ses_ended');
  await child.kill();
  assert.equal(isAlive(child.identity), false);
  assert.equal(isAlive(stray), false);
  assert.equal((await child.exited).unexpected, false);
});
