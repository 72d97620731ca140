import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import {
  claudeHookEvents,
  claudeHookGroup,
  type Decision,
  type Session,
  type SessionEvent,
} from '@vigiles/contract';
import { startTestControl, type TestControl } from '../../../../testing/test-control.ts';
import { agentModel } from '../../../../testing/upstreams/agent-model.ts';
import {
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../../testing/upstreams/scripted-upstream.ts';
import { installed } from '../testing/real-agents.ts';

/** The real Claude Code, started by somebody else, with our hooks in its settings and a model that does what it is told. */

const program = installed(`@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`, 'claude');
let upstream: ScriptedUpstream;
let rig: TestControl;
let home: string;
let folder: string;

const settings = (control: string, token: string): string =>
  JSON.stringify({
    hooks: Object.fromEntries(
      claudeHookEvents.map((event) => [event, [claudeHookGroup(event, { control, token })]]),
    ),
  });
const connect = (control: string, token: string): void =>
  writeFileSync(join(home, '.claude', 'settings.json'), settings(control, token));

/** Starts it with these words; `said` resolves at its end. */
function begin(prompt: string, env: Record<string, string> = {}) {
  const child = spawn(program, ['-p', prompt, '--model', 'claude-sonnet-4-5', '--output-format', 'json'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      ANTHROPIC_BASE_URL: upstream.origin,
      ANTHROPIC_API_KEY: 'no-real-key',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, said: new Promise<string>((resolve) => child.once('exit', () => resolve(said))) };
}
const claude = (prompt: string, env: Record<string, string> = {}): Promise<string> => begin(prompt, env).said;
async function eventually<T>(what: string, look: () => Promise<T | null | undefined>): Promise<T> {
  for (const until = performance.now() + 45_000; performance.now() < until;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`Never happened: ${what}`);
}
// Asked in the process: polling over HTTP would soon be told to slow down.
const asked = (): Promise<Decision> =>
  eventually(
    'it asks',
    async () => (await rig.control.sessions.decisions({ tenant: null, state: 'pending', limit: 1 }))[0],
  );
const eventsOf = async (id: string): Promise<SessionEvent[]> =>
  (await rig.control.sessions.read(id, { afterSeq: 0, limit: 500 })).events;
const closed = (id: string): Promise<Session> =>
  eventually('it is closed', async () => {
    const session = await rig.control.sessions.get(id);
    return session?.agent?.capabilities.halt === null ? session : null;
  });
const known = async (): Promise<string[]> =>
  (await rig.control.sessions.list({ tenant: null, limit: 100 })).sessions.map(
    ({ session_id }) => session_id,
  );

before(async () => {
  upstream = await startScriptedUpstream(agentModel);
  rig = await startTestControl();
  home = mkdtempSync(join(tmpdir(), 'claude-hooked-'));
  folder = join(home, 'work');
  mkdirSync(folder);
  mkdirSync(join(home, '.claude'));
  connect(rig.url, await rig.token('sessions:produce'));
});
after(async () => {
  await rig.close();
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

it('appears with its transcript and its tools, and a person’s yes lets a call run', async () => {
  const run = claude('RUN echo yes > asked.txt');
  const decision = await asked();
  assert.match(decision.question, /echo yes/);
  assert.equal(decision.kind, 'permission');
  const during = (await rig.call<Session>('GET', `/api/v1/sessions/${decision.session_id}`)).body;
  assert.equal(during.agent?.capabilities.halt, 'gate');
  assert.equal(during.agent?.capabilities.rollback, false);
  assert.match(String(during.agent?.capabilities.reasons.rollback), /did not start it/);
  assert.equal(during.phase, 'waiting');
  assert.equal(during.title, 'RUN echo yes > asked.txt');
  const path = `/api/v1/sessions/${decision.session_id}/decisions/${decision.decision_id}/answer`;
  assert.equal((await rig.call('POST', path, { body: { choice: 'allow' } })).status, 200);
  await run;
  assert.ok(existsSync(join(folder, 'asked.txt')));
  const session = await closed(decision.session_id);
  assert.equal(session.status, 'completed');
  const events = await eventsOf(session.session_id);
  const told = events.map(({ type }) => type).filter((type) => !/^(session|command):/.test(type));
  assert.deepEqual(told, [
    'execution:started',
    'message:user',
    'skill:started',
    'decision:point',
    'decision:made',
    'skill:completed',
    'message:assistant',
    'execution:completed',
  ]);
  assert.equal(
    upstream.requests.at(-1)?.headers['x-claude-code-session-id'],
    session.session_id,
    'its model traffic names the same session',
  );
});

it('a HALT while it asks: the call does not run, the turn is over, the HALT is shown as applied', async () => {
  const run = claude('RUN echo no > halted.txt');
  const { session_id: id, decision_id } = await asked();
  const { body: halt } = await rig.call<{ command_id: string }>('POST', `/api/v1/sessions/${id}/commands`, {
    body: { type: 'HALT', reason: 'not now' },
  });
  const settled = await eventually('it is applied', async () => {
    const command = await rig.control.sessions.commandById(id, halt.command_id);
    return command?.state === 'queued' || command?.state === 'delivered' ? null : command;
  });
  assert.equal(settled.state, 'applied', settled.note);
  assert.deepEqual(settled.evidence, { gate: 'closed', hook: 'PermissionRequest', denied: true });
  await run;
  assert.ok(!existsSync(join(folder, 'halted.txt')));
  const session = await closed(id);
  assert.equal(session.status, 'halted');
  const { body } = await rig.call<Decision>('GET', `/api/v1/sessions/${id}/decisions/${decision_id}`);
  assert.equal(body.resolution?.source, 'cancelled');
});

it('a person’s no is the model’s error, and nothing runs', async () => {
  const run = claude('RUN echo no > refused.txt');
  const { session_id: id, decision_id } = await asked();
  await rig.call('POST', `/api/v1/sessions/${id}/decisions/${decision_id}/answer`, {
    body: { choice: 'deny' },
  });
  await run;
  assert.ok(!existsSync(join(folder, 'refused.txt')));
  assert.ok((await eventsOf(id)).some(({ type }) => type === 'skill:failed'));
});

it('one that is killed in the middle of a tool call is seen to be gone', async () => {
  const { child, said } = begin('RUN sleep 15');
  const id = await eventually('its tool runs', async () => {
    const { sessions } = await rig.control.sessions.list({ tenant: null, limit: 100 });
    const session = sessions.find(({ title }) => title === 'RUN sleep 15');
    return session?.current_skill === 'Bash' ? session.session_id : null;
  });
  child.kill('SIGKILL');
  await said;
  const session = await closed(id);
  assert.equal(session.status, 'failed');
  assert.match(session.phase_reason, new RegExp(`process ${child.pid} ended without a word`));
  assert.match(String(session.agent?.capabilities.reasons.resume), /is gone/);
});

it('one that runs under our own adapter is not seen twice', async () => {
  const { control } = rig;
  const { device } = await control.devices.createDevice({ name: 'x', scopes: ['admin'] });
  const session = await control.sessions.create({}, { actor: 'a', deviceId: device.id, tenant: 'main' });
  const capabilities = {
    halt: 'turn' as const,
    resume: true,
    steer: true,
    rollback: true,
    decide: true,
    inject: true,
    reasons: {},
  };
  await control.sessions.setAgent(
    session.session_id,
    { kind: 'claude', name: 'Claude Code', model: null, pid: process.pid, capabilities },
    null,
  );
  const before_ = await known();
  await claude('hello', { VIGILES_SESSION: session.session_id });
  assert.deepEqual(await known(), before_);
});

it('while Vigiles is away nothing runs: its hooks block what they guard', async () => {
  connect('http://127.0.0.1:9', 'vgl_gone');
  const said = await claude('RUN echo no > away.txt');
  assert.match(said, /blocked/i);
  assert.ok(!existsSync(join(folder, 'away.txt')));
});
