import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../../../../platform/process/index.ts';
import { startAgentChild, type AgentChild } from './agent-child.ts';
import { endLeftovers } from './leftovers.ts';
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
async function withStray(
  sessionId: string,
  does = 'echo $$ > "$FILE"; exec sleep 300',
): Promise<{ child: AgentChild; stray: ProcessIdentity }> {
  const file = join(folder, `${sessionId}.pid`);
  const script = `(setsid sh -c '${does}' &) ; exec cat`;
  const env = { PATH: process.env['PATH'] ?? '', FILE: file };
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

test('what an agent that died left behind is ended with all that it started, when nobody holds the agent any more', async () => {
  const { child, stray } = await withStray('ses_left', 'sleep 300 & echo $! > "$FILE"; wait');
  const other = await withStray('ses_other_left');
  child.letGo();
  try {
    process.kill(child.identity.pid, 'SIGKILL');
    await until('it is gone', () => (isAlive(child.identity) ? null : true));
    assert.ok(isAlive(stray));
    const report = await endLeftovers('ses_left');
    assert.deepEqual([report.child_tree_gone, report.processes_left], [true, []]);
    assert.ok(report.processes_seen >= 2, JSON.stringify(report));
    assert.equal(isAlive(stray), false);
    assert.ok(isAlive(other.child.identity) && isAlive(other.stray), 'another session’s is left alone');
    assert.equal((await endLeftovers('ses_left')).processes_seen, 0);
  } finally {
    await other.child.kill();
  }
});

test('an agent is ended together with what it left in the background', async () => {
  const { child, stray } = await withStray('ses_ended');
  await child.kill();
  assert.equal(isAlive(child.identity), false);
  assert.equal(isAlive(stray), false);
  assert.equal((await child.exited).unexpected, false);
});
