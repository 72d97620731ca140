import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type {
  RollbackPreview,
  Session,
  SessionCommand,
  SessionEvent,
  StartableAgent,
} from '@vigiles/contract';
import { identify } from '../platform/process/index.ts';
import { installed } from '../features/sessions/agents/testing/real-agents.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { agentModel } from '../testing/upstreams/agent-model.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../testing/upstreams/scripted-upstream.ts';

/** Control with the real Codex under it. */

let upstream: ScriptedUpstream;
let folder: string;
let control: TestControl;

const start = () =>
  startTestControl({
    home: join(folder, 'control'),
    env: { PATH: process.env['PATH'], HOME: join(folder, 'home'), CODEX_HOME: join(folder, 'home') },
    yaml: `
gateway: { enabled: false }
agents:
  acp:
    codex: { command: ${JSON.stringify([process.execPath, installed('@openai/codex', 'bin', 'codex.js')])} }
    broken: { command: [no-such-agent] }
`,
  });

before(async () => {
  upstream = await startScriptedUpstream(agentModel);
  folder = mkdtempSync(join(tmpdir(), 'agents-'));
  mkdirSync(join(folder, 'home'));
  const provider = `name = "house"\nbase_url = "${upstream.origin}/v1"\nwire_api = "responses"\n`;
  writeFileSync(
    join(folder, 'home', 'config.toml'),
    `model = "house-model"\nmodel_provider = "house"\n[model_providers.house]\n${provider}`,
  );
  control = await start();
});
after(async () => {
  const { sessions } = control.control;
  const { sessions: all } = await sessions.list({ tenant: null, limit: 50 });
  for (const { session_id } of all) await sessions.remove(session_id, 'test');
  const pids = all.flatMap(({ agent }) => agent?.pid ?? []);
  await until('the agents are gone', () => pids.every((pid) => identify(pid) === null));
  await control.close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const work = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'mine.txt'), 'before\n');
  return path;
};
const run = async (path: string, prompt: string, approvals = 'full'): Promise<string> => {
  const body = { agent: 'codex', folder: path, prompt, approvals };
  const answer = await control.call<Session>('POST', '/api/v1/agents/runs', { body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.session_id;
};
const session = async (id: string): Promise<Session> => {
  const found = await control.control.sessions.get(id);
  assert.ok(found);
  return found;
};
const events = async (id: string): Promise<SessionEvent[]> =>
  (await control.control.sessions.read(id, { afterSeq: 0, limit: 500 })).events;
const has = async (id: string, type: string, count = 1): Promise<boolean> =>
  (await events(id)).filter((event) => event.type === type).length >= count;
const identity = { kind: 'device', deviceId: 'someone', name: 'someone', scopes: ['admin'] } as const;

async function command(id: string, type: string, args: object = {}): Promise<SessionCommand> {
  const { sessions } = control.control;
  const taken = await sessions.command(identity, { type, session_id: id, ...args });
  assert.ok(taken.success, JSON.stringify(taken));
  let now: SessionCommand | null = null;
  await until(`${type} is settled`, async () => {
    now = await sessions.commandById(id, String(taken.command_id));
    return now !== null && !['queued', 'delivered'].includes(now.state);
  });
  return now as unknown as SessionCommand;
}

test('what can be started is listed, and what cannot says why', async () => {
  const { body } = await control.call<{ agents: StartableAgent[] }>('GET', '/api/v1/agents');
  const named = (name: string) => body.agents.find((agent) => agent.name === name);
  assert.equal(named('codex')?.available, true);
  assert.match(named('broken')?.reason ?? '', /no-such-agent/);
  const refused = async (more: object) => {
    const body = { agent: 'codex', folder, prompt: 'x', ...more };
    return (await control.call('POST', '/api/v1/agents/runs', { body })).body.code;
  };
  assert.equal(await refused({ agent: 'nobody' }), 'unknown_agent');
  assert.equal(await refused({ folder: 'relative' }), 'folder_not_found');
  const count = async () =>
    (await control.control.sessions.list({ tenant: null, limit: 50 })).sessions.length;
  const before = await count();
  assert.equal(await refused({ agent: 'broken' }), 'agent_not_started');
  assert.equal(await count(), before, 'no session is made for what cannot be started');
  assert.match(named('gemini')?.reason ?? '', /not installed here.*npm install -g @google\/gemini-cli/);
  const reader = await control.token('operate');
  const body2 = { agent: 'codex', folder, prompt: 'x' };
  assert.equal(
    (await control.call('POST', '/api/v1/agents/runs', { token: reader, body: body2 })).status,
    403,
  );
});

test('what a turn left running when it was complete can be halted; where nothing runs there is nothing to halt', async () => {
  const path = work('left-running');
  const id = await run(path, 'RUN setsid sleep 300 > /dev/null 2>&1 & echo $! > pid.txt');
  await until('the turn ends', () => has(id, 'execution:completed'));
  const left = identify(Number(readFileSync(join(path, 'pid.txt'), 'utf8')));
  assert.ok(left, 'it runs on');
  const halted = await command(id, 'HALT');
  assert.equal(halted.state, 'applied', JSON.stringify(halted));
  assert.equal(halted.evidence?.['child_tree_gone'], true);
  assert.equal(identify(left.pid), null);
  assert.equal((await session(id)).phase, 'halted');
  assert.equal((await command(id, 'RESUME', { message: 'hello' })).state, 'applied');
  await until('the next turn ends', () => has(id, 'execution:completed', 2));
  const { sessions } = control.control;
  const refused = await sessions.command(identity, { type: 'HALT', session_id: id });
  assert.equal(refused.error, 'Cannot halt - execution is completed');
});

test('an agent is halted in mid-turn, resumed, and rolled back with its files', async () => {
  const path = work('rolled-back');
  const id = await run(path, 'RUN echo changed > mine.txt; echo made > made.txt; sleep 300');
  await until('the command runs', () => existsSync(join(path, 'made.txt')));
  const halted = await command(id, 'HALT');
  assert.equal(halted.state, 'applied', JSON.stringify(halted));
  assert.equal(halted.evidence?.['child_tree_gone'], true);
  assert.equal((await session(id)).phase, 'halted');
  assert.equal((await command(id, 'RESUME', { message: 'hello' })).state, 'applied');
  await until('the turn ends', () => has(id, 'execution:completed'));
  await until('it is shown', async () => (await session(id)).status === 'completed');
  assert.ok((await session(id)).tokens.input > 0);

  const checkpoints = await control.control.sessions.checkpoints.list(id);
  const first = checkpoints.at(-1)?.checkpoint_id;
  const { body } = await control.call<RollbackPreview>(
    'GET',
    `/api/v1/sessions/${id}/checkpoints/${first}/preview`,
  );
  assert.deepEqual(
    body.changes.map(({ kind, path: file }) => `${kind} ${file}`),
    ['delete made.txt', 'restore mine.txt'],
  );
  const back = await command(id, 'ROLLBACK', { checkpoint_id: first });
  assert.equal(back.state, 'applied', JSON.stringify(back));
  assert.equal(back.evidence?.['files_verified'], true);
  assert.equal(readFileSync(join(path, 'mine.txt'), 'utf8'), 'before\n');
  assert.ok(!existsSync(join(path, 'made.txt')));
  assert.equal((await control.control.sessions.checkpoints.list(id))[0]?.kind, 'safety');
});

test('a question is open for people, its answer lets the agent go on, and secrets are not in the log', async () => {
  const path = work('asks');
  const id = await run(path, 'ASK echo sk-abcdefgh12345678 > asked.txt', 'ask');
  const { sessions } = control.control;
  const pending = () => sessions.decisions({ tenant: null, sessionId: id, state: 'pending', limit: 5 });
  await until('it asks', async () => (await pending()).length === 1);
  const [decision] = await pending();
  assert.ok(decision);
  assert.equal(decision.kind, 'permission');
  assert.ok(!JSON.stringify(await events(id)).includes('sk-abcdefgh12345678'));
  const yes = decision.options.find(({ kind }) => kind === 'allow_once');
  await sessions.command(identity, {
    type: 'DECISION',
    session_id: id,
    decision_id: decision.decision_id,
    choice: yes?.id,
  });
  await until('the turn ends', () => has(id, 'execution:completed'));
  assert.ok(existsSync(join(path, 'asked.txt')));
});

test('a question that was open when control went is still one, and the next control hands its answer over', async () => {
  const path = work('asks-on');
  const id = await run(path, 'ASK echo asked > asked.txt', 'ask');
  const pending = () =>
    control.control.sessions.decisions({ tenant: null, sessionId: id, state: 'pending', limit: 5 });
  await until('it asks', async () => (await pending()).length === 1);
  const [asked] = await pending();
  await control.close();
  control = await start();
  await until('it is taken up', async () => (await session(id)).phase === 'waiting');
  const [decision, ...more] = await pending();
  assert.deepEqual(more, []);
  assert.equal(decision?.decision_id, asked?.decision_id);
  const yes = decision?.options.find(({ kind }) => kind === 'allow_once');
  const answer = { type: 'DECISION', session_id: id, decision_id: decision?.decision_id, choice: yes?.id };
  assert.equal((await control.control.sessions.command(identity, answer)).success, true);
  await until('the turn ends', () => has(id, 'execution:completed'));
  assert.ok(existsSync(join(path, 'asked.txt')));
});

test('an agent that dies is shown as gone and told of, and a RESUME starts it again where it was', async () => {
  const path = work('dies');
  const id = await run(path, 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  process.kill((await session(id)).agent?.pid ?? 0, 'SIGKILL');
  await until('it is shown', async () => (await session(id)).phase === 'disconnected');
  await until('it is told of', async () => {
    const told = await control.control.events.read({ afterSeq: 0, limit: 500, types: ['agent.failed'] });
    return told.some(({ subject }) => subject === id);
  });
  assert.equal((await session(id)).agent?.pid, null);
  const steered = await command(id, 'REDIRECT', { message: 'are you there?' });
  assert.equal(steered.state, 'applied', JSON.stringify(steered));
  await until('it answers', () => has(id, 'execution:completed'));
  assert.ok(
    JSON.stringify(upstream.requests.at(-1)?.json).includes('RUN sleep 300'),
    'the same conversation',
  );
});

/** How many turns Codex has written down as ended. */
function endedTurns(): number {
  const kept = join(folder, 'home', 'sessions');
  const files = readdirSync(kept, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.jsonl'),
  );
  return files.flatMap((name) => readFileSync(join(kept, name), 'utf8').match(/"task_complete"/g) ?? [])
    .length;
}

test('agents outlive control, and the next one takes them up again by pid and start time', async () => {
  const path = work('outlives');
  const gate = join(folder, 'gate');
  const id = await run(path, `RUN until [ -e ${gate} ]; do sleep 0.1; done; echo over > over.txt`);
  await until('the command runs', () => has(id, 'skill:started'));
  const ended = endedTurns();
  const pid = (await session(id)).agent?.pid ?? 0;
  const before = identify(pid);
  assert.ok(before);
  await control.close();
  assert.deepEqual(identify(pid), before, 'it lives on');
  writeFileSync(gate, '');
  await until('its turn ends while nobody listens', () => endedTurns() > ended);
  control = await start();
  await until('it is told', () => has(id, 'execution:completed'));
  assert.equal(await has(id, 'execution:started', 2), false, 'it began once');
  assert.equal((await session(id)).agent?.pid, pid);
  assert.equal((await command(id, 'REDIRECT', { message: 'RUN sleep 300' })).state, 'applied');
  await until('the command runs', () => has(id, 'skill:started', 2));
  assert.equal((await command(id, 'HALT')).state, 'applied');
  await control.control.sessions.remove(id, 'test');
  await until('it is ended with its session', () => identify(pid) === null);
});
