import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type {
  Checkpoint,
  Decision,
  RollbackPreview,
  Session,
  SessionCommand,
  SessionEvent,
} from '@vigiles/contract';
import { agentModel } from '../packages/server/src/testing/upstreams/agent-model.ts';
import {
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../packages/server/src/testing/upstreams/scripted-upstream.ts';
import { codexPath } from './harness/codex.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

/** Real agents under watch: halted in mid-turn, resumed, steered, answered and rolled back over the API. */

let upstream: ScriptedUpstream;
let vigiles: Vigiles;
let folder: string;

const acp = join(
  dirname(createRequire(import.meta.url).resolve('@agentclientprotocol/codex-acp/package.json')),
  'dist',
  'index.js',
);

before(async () => {
  upstream = await startScriptedUpstream(agentModel, ['house-model']);
  folder = mkdtempSync(join(tmpdir(), 'vigiles-agents-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const command = (...words: string[]) => JSON.stringify([process.execPath, ...words]);
  vigiles = await startVigiles({
    env: { HOME: home, CODEX_HOME: home, NO_BROWSER: '1' },
    config: `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: chat, type: openai-compatible, base_url: "${upstream.origin}/v1", models: [house-model] }
agents:
  acp:
    codex: { command: ${command(codexPath())} }
    codex-acp: { command: ${command(acp)}, env: { NO_BROWSER: "1" } }
`,
  });
});
after(async () => {
  await vigiles?.stop();
  await upstream?.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (id: string) => `/api/v1/sessions/${id}`;
const session = (id: string) => vigiles.api<Session>(at(id));
const events = async (id: string) =>
  (await vigiles.api<{ events: SessionEvent[] }>(`${at(id)}/events?limit=500`)).events;
const has =
  (type: string, count = 1) =>
  async (id: string) =>
    (await events(id)).filter((event) => event.type === type).length >= count;
const until = (what: string, id: string, ask: (id: string) => Promise<unknown>) =>
  waitFor(what, async () => ((await ask(id)) ? true : null), 20_000).catch(async (thrown: unknown) => {
    throw new Error(
      `${String(thrown)}\n${JSON.stringify([await session(id), (await events(id)).slice(-15)], null, 1)}`,
    );
  });

/** Gives a command and waits for what came of it. */
async function command(id: string, type: string, args: object = {}): Promise<SessionCommand> {
  const { command_id } = await vigiles.api<{ command_id: string }>(`${at(id)}/commands`, {
    method: 'POST',
    body: { type, ...args },
  });
  return waitFor(`${type} to be settled`, async () => {
    const now = await vigiles.api<SessionCommand>(`${at(id)}/commands/${command_id}`);
    return ['queued', 'delivered'].includes(now.state) ? null : now;
  });
}

/** Pids of the \`sleep\` with this argument. */
const sleeps = async (seconds: string): Promise<string[]> => {
  const { execFileSync } = await import('node:child_process');
  const table = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return table.split('\n').filter((line) => new RegExp(`sleep ${seconds}$`).test(line) && !/ Z/.test(line));
};

const run = (agent: string, work: string, prompt: string, more: object = {}) =>
  vigiles.api<Session>('/api/v1/agents/runs', {
    method: 'POST',
    body: { agent, folder: work, prompt, model: 'chat/house-model', ...more },
  });

for (const [agent, seconds] of [
  ['codex', '4711'],
  ['codex-acp', '4712'],
] as const) {
  test(`${agent} is halted in mid-turn, resumed, steered, answered and rolled back`, async () => {
    const work = join(folder, agent);
    mkdirSync(work);
    writeFileSync(join(work, 'mine.txt'), 'before\n');
    const prompt = `RUN echo changed > mine.txt; echo made > made.txt; sleep ${seconds}`;
    const { session_id: id } = await run(agent, work, prompt, { approvals: 'full' });
    await until('the command to run', id, async () => (await sleeps(seconds)).length > 0);
    assert.equal(readFileSync(join(work, 'mine.txt'), 'utf8'), 'changed\n');

    const halted = await command(id, 'HALT', { reason: 'enough' });
    assert.equal(halted.state, 'applied', JSON.stringify(halted));
    assert.equal(halted.evidence?.['child_tree_gone'], true);
    assert.deepEqual(await sleeps(seconds), []);
    assert.equal((await session(id)).status, 'halted');
    await until('it to be said', id, has('execution:halted'));

    const resumed = await command(id, 'RESUME', { message: `RUN sleep 2` });
    assert.equal(resumed.state, 'applied', JSON.stringify(resumed));
    await until('the next command', id, has('skill:started', 2));
    const steered = await command(id, 'REDIRECT', { message: 'and say it in French' });
    assert.equal(steered.evidence?.['mode'], 'steered', JSON.stringify(steered));
    await until('the turn to end', id, has('execution:completed'));
    const done = await session(id);
    assert.equal(done.status, 'completed');
    assert.ok(done.tokens.input > 0);

    const { checkpoints } = await vigiles.api<{ checkpoints: Checkpoint[] }>(`${at(id)}/checkpoints`);
    const first = checkpoints.at(-1);
    assert.ok(first);
    const preview = await vigiles.api<RollbackPreview>(
      `${at(id)}/checkpoints/${first.checkpoint_id}/preview`,
    );
    assert.deepEqual(preview.changes.map(({ path, kind }) => `${kind} ${path}`).toSorted(), [
      'delete made.txt',
      'restore mine.txt',
    ]);
    const back = await command(id, 'ROLLBACK', { checkpoint_id: first.checkpoint_id });
    assert.equal(back.state, 'applied', JSON.stringify(back));
    assert.equal(back.evidence?.['files_verified'], true);
    assert.equal(readFileSync(join(work, 'mine.txt'), 'utf8'), 'before\n');
    assert.ok(!existsSync(join(work, 'made.txt')));
    const { turns } = await vigiles.api<{ turns: { session_id: string }[] }>('/api/v1/ai/turns?limit=50');
    assert.ok(
      turns.some(({ session_id }) => session_id === id),
      'its turns are the session’s',
    );
    await vigiles.api(at(id), { method: 'DELETE' });
  });

  test(`${agent} asks, and the answer over the API lets it go on`, async () => {
    const work = join(folder, `${agent}-asks`);
    mkdirSync(work);
    const { session_id: id } = await run(agent, work, 'ASK echo yes > asked.txt');
    const asked = await waitFor('a decision', async () => {
      const { decisions } = await vigiles.api<{ decisions: Decision[] }>(`${at(id)}/decisions`);
      return decisions.find(({ state }) => state === 'pending') ?? null;
    });
    assert.equal((await session(id)).phase, 'waiting');
    const yes = asked.options.find(({ kind }) => kind === 'allow_once');
    await vigiles.api(`${at(id)}/decisions/${asked.decision_id}/answer`, {
      method: 'POST',
      body: { choice: yes?.id },
    });
    await until('the turn to end', id, has('execution:completed'));
    assert.equal(readFileSync(join(work, 'asked.txt'), 'utf8'), 'yes\n');
    await vigiles.api(at(id), { method: 'DELETE' });
  });
}
