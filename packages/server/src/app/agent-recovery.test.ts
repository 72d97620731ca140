import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ActionRun, Incident, Session, SessionCommand, SessionEvent } from '@vigiles/contract';
import { installed } from '../features/sessions/agents/testing/real-agents.ts';
import { identify } from '../platform/process/index.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { agentModel } from '../testing/upstreams/agent-model.ts';
import {
  startScriptedUpstream,
  type Script,
  type ScriptedUpstream,
} from '../testing/upstreams/scripted-upstream.ts';
import { healing } from './healing.ts';

/** Control with its watchdog, and the real Codex under it. */

let upstream: ScriptedUpstream;
let folder: string;
let control: TestControl;
/** While it is set the model takes every question and answers none. */
let mute = false;

const model: Script = (seen, res) => {
  if (!mute) return agentModel(seen, res);
  // The connection stays open and nothing is said: what a hung provider looks like.
  return undefined;
};

/** @param stallMinutes as long as the real thing where silence is not the subject: a slow machine must not look like it */
const open = (stallMinutes: number): Promise<TestControl> =>
  startTestControl({
    home: join(folder, 'control'),
    env: { PATH: process.env['PATH'], HOME: join(folder, 'home'), CODEX_HOME: join(folder, 'home') },
    extend: [healing],
    yaml: `
gateway: { enabled: false }
watchdog: { cooldown_s: [1, 60], stable_s: 0.5, veto_s: 0 }
agents:
  stall_minutes: ${stallMinutes}
  acp:
    codex: { command: ${JSON.stringify([process.execPath, installed('@openai/codex', 'bin', 'codex.js')])} }
limits:
  light: { per_minute: 1000000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
  standard: { per_minute: 1000000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
`,
  });

/** Ends control with all its agents, which would outlive it. */
async function close(): Promise<void> {
  const { sessions } = control.control;
  const { sessions: all } = await sessions.list({ tenant: null, limit: 50 });
  const pids = all.flatMap(({ agent }) => agent?.pid ?? []);
  for (const { session_id } of all) await sessions.remove(session_id, 'test');
  await until('the agents are gone', () => pids.every((pid) => identify(pid) === null));
  await control.close();
}

before(async () => {
  upstream = await startScriptedUpstream(model);
  folder = mkdtempSync(join(tmpdir(), 'recovery-'));
  mkdirSync(join(folder, 'home'));
  const provider = `name = "house"\nbase_url = "${upstream.origin}/v1"\nwire_api = "responses"\n`;
  writeFileSync(
    join(folder, 'home', 'config.toml'),
    `model = "house-model"\nmodel_provider = "house"\n[model_providers.house]\n${provider}`,
  );
  control = await open(10);
});
after(async () => {
  await close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(name: string, prompt: string): Promise<string> {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'mine.txt'), 'before\n');
  const body = { agent: 'codex', folder: path, prompt, approvals: 'full' };
  const answer = await control.call<Session>('POST', '/api/v1/agents/runs', { body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.session_id;
}
const session = async (id: string): Promise<Session> => {
  const found = await control.control.sessions.get(id);
  assert.ok(found);
  return found;
};
const events = async (id: string): Promise<SessionEvent[]> =>
  (await control.control.sessions.read(id, { afterSeq: 0, limit: 500 })).events;
const has = async (id: string, type: string, count = 1): Promise<boolean> =>
  (await events(id)).filter((event) => event.type === type).length >= count;
const incidents = async (id: string): Promise<Incident[]> => {
  const { body } = await control.call<{ incidents: Incident[] }>(
    'GET',
    `/api/v1/incidents?target=session:${id}`,
  );
  return body.incidents;
};
const runsOf = async (id: string): Promise<ActionRun[]> => {
  const { body } = await control.call<{ runs: ActionRun[] }>(
    'GET',
    `/api/v1/actions/runs?target=session:${id}`,
  );
  return body.runs;
};
const audited = async (id: string): Promise<string[]> => {
  const path = `/api/v1/audit?limit=200`;
  const { body } = await control.call<{
    records: { target: string; verb: string; actor: string; data: { action?: string } }[];
  }>('GET', path);
  return body.records
    .filter(({ target }) => target === `session:${id}`)
    .map(({ verb, actor, data }) => `${actor.split(':')[0]} ${verb} ${data.action}`);
};
const kill = async (id: string): Promise<void> => {
  const { agent } = await session(id);
  assert.ok(agent?.pid, 'its process runs');
  process.kill(agent.pid, 'SIGKILL');
};

async function command(id: string, type: string, args: object = {}): Promise<SessionCommand> {
  const answer = await control.call<{ success: boolean; command_id: string }>(
    'POST',
    `/api/v1/sessions/${id}/commands`,
    { body: { type, ...args } },
  );
  assert.equal(answer.body.success, true, JSON.stringify(answer.body));
  let now: SessionCommand | null = null;
  await until(`${type} is settled`, async () => {
    now = await control.control.sessions.commandById(id, answer.body.command_id);
    return now !== null && !['queued', 'delivered'].includes(now.state);
  });
  return now as unknown as SessionCommand;
}

test('an agent that is killed with -9 is resumed through the action runner, and its incident says so', async () => {
  const id = await run('killed', 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  await kill(id);
  await until('the incident is fixed', async () => (await incidents(id))[0]?.outcome === 'fixed');
  const [incident] = await incidents(id);
  assert.ok(incident);
  assert.equal(incident.fault_id, 'S1');
  assert.equal(incident.target_class, 'session');
  assert.equal(incident.tier, 1);
  const kinds = incident.timeline.map(({ kind }) => kind);
  assert.deepEqual([kinds[0], kinds[1], kinds.at(-1)], ['cause', 'decision', 'outcome']);
  const resumed = (await runsOf(id)).find(({ action }) => action === 'resume_session');
  assert.equal(resumed?.outcome, 'fixed', JSON.stringify(resumed));
  assert.equal(resumed?.incident_id, incident.id);
  assert.ok(resumed?.evidence.some(({ text }) => text === 'the session runs and its agent speaks'));
  assert.match(JSON.stringify(upstream.requests.at(-1)?.json), /RUN sleep 300.*Go on where you stopped/s);
  const commands = (await events(id)).filter(
    ({ type, actor }) => type === 'command:update' && actor === 'watchdog',
  );
  assert.ok(commands.length > 0, 'everyone who follows the session saw who resumed it');
  await until('it is complete', () => has(id, 'execution:completed'));
});

test('a person’s HALT is one audited run with its outcome verified, said at once and never held up', async () => {
  const id = await run('halted', 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  const halted = await command(id, 'HALT', { reason: 'enough' });
  assert.equal(halted.state, 'applied');
  assert.equal(halted.evidence?.['child_tree_gone'], true);
  const types = (await events(id)).map(({ type }) => type);
  assert.ok(types.indexOf('execution:halting') < types.indexOf('execution:halted'));
  await until('its run is over', async () => (await runsOf(id))[0]?.state === 'finished');
  const [halt, ...others] = await runsOf(id);
  assert.deepEqual(others, [], 'one run');
  assert.equal(halt?.action, 'halt_session');
  assert.equal(halt?.outcome, 'fixed', JSON.stringify(halt));
  assert.equal(halt?.reason, 'enough');
  assert.match(halt?.actor ?? '', /^device:/);
  assert.deepEqual((await audited(id)).toSorted(), [
    'device action.fixed halt_session',
    'device action.requested halt_session',
    'device action.started halt_session',
  ]);
  assert.deepEqual(await incidents(id), [], 'what a person halted has no incident');
  await kill(id);
  await until('it is shown', async () => (await session(id)).agent?.pid === null);
  assert.deepEqual(await incidents(id), [], 'and nothing is resumed that a person halted');
});

test('a ROLLBACK is one audited run whose plan lists what it changes', async () => {
  const id = await run('rolled-back', 'RUN echo changed > mine.txt; echo made > made.txt');
  await until('it is complete', () => has(id, 'execution:completed'));
  const { body } = await control.call<{ steps: string[] }>('POST', '/api/v1/actions/plan', {
    body: { action: 'rollback_session', target: `session:${id}`, params: {} },
  });
  assert.ok(
    body.steps.includes('Delete made.txt') && body.steps.includes('Put back mine.txt'),
    JSON.stringify(body),
  );
  assert.equal((await command(id, 'ROLLBACK', { steps: 1 })).state, 'applied');
  assert.equal(readFileSync(join(folder, 'rolled-back', 'mine.txt'), 'utf8'), 'before\n');
  await until('its run is over', async () => (await runsOf(id))[0]?.state === 'finished');
  const [rollback] = await runsOf(id);
  assert.equal(rollback?.action, 'rollback_session');
  assert.equal(rollback?.outcome, 'fixed', JSON.stringify(rollback));
  assert.ok(rollback?.steps.includes('Delete made.txt'));
});

test('an agent that is ended or deleted on purpose is not resumed; both are audited', async () => {
  const id = await run('stopped', 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  const pid = (await session(id)).agent?.pid ?? 0;
  assert.equal((await control.call('POST', `/api/v1/sessions/${id}/agent/stop`)).status, 200);
  await until('it is gone', () => identify(pid) === null);
  await until('it is shown', async () => (await session(id)).phase === 'halted');
  assert.equal((await command(id, 'RESUME')).state, 'applied');
  await until('it works again', async () => ((await session(id)).agent?.pid ?? pid) !== pid);
  assert.equal((await control.call('DELETE', `/api/v1/sessions/${id}`)).status, 200);
  let all: ActionRun[] = [];
  await until('both runs are over', async () => {
    all = await runsOf(id);
    return all.length === 2 && all.every(({ state }) => state === 'finished');
  });
  assert.deepEqual(
    all.map(({ action, outcome }) => `${action} ${outcome}`).toSorted(),
    ['delete_session fixed', 'stop_agent fixed'],
    JSON.stringify(all),
  );
  assert.equal((await control.call('DELETE', `/api/v1/sessions/${id}`)).status, 404);
  assert.deepEqual(await incidents(id), []);
});

test('an agent that dies again and again is resumed less and less often, then a person is told', async () => {
  const id = await run('dies', 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  // How often it comes back before it has to wait depends on when it dies: while its resume is still watched, or after.
  const killed = new Set<number>();
  await until('it waits for its cooldown', async () => {
    const pid = (await session(id)).agent?.pid;
    if (pid && !killed.has(pid) && identify(pid)) {
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    const [incident] = await incidents(id);
    return (
      incident?.timeline.some(({ kind, evidence }) => kind === 'guard' && evidence['guard'] === 'cooldown') ??
      false
    );
  });
  assert.ok(killed.size >= 2, 'it was back at least once');
  assert.ok((await runsOf(id)).filter(({ action }) => action === 'resume_session').length <= 2);
  assert.equal((await command(id, 'HALT')).state, 'applied');
  await until('what a person halted is over', async () => (await incidents(id))[0]?.state === 'closed');
});

test('an agent that died while control was away is resumed when it is back', async () => {
  const id = await run('alone', 'RUN sleep 300');
  await until('the command runs', () => has(id, 'skill:started'));
  const pid = (await session(id)).agent?.pid;
  assert.ok(pid);
  await control.close();
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => identify(pid) === null);
  control = await open(10);
  await until('the incident is fixed', async () => (await incidents(id))[0]?.outcome === 'fixed');
  assert.equal((await incidents(id))[0]?.fault_id, 'S1');
  await until('it is complete', () => has(id, 'execution:completed'));
});

test('an agent whose model says nothing any more is halted and resumed in the same conversation', async () => {
  await close();
  control = await open(0.1);
  mute = true;
  const id = await run('stalled', 'RUN echo hello');
  await until('it is seen', async () => (await incidents(id))[0]?.fault_id === 'S2');
  mute = false;
  await until('the incident is fixed', async () => (await incidents(id))[0]?.outcome === 'fixed');
  const runs = await runsOf(id);
  assert.deepEqual(
    runs.map(({ action, risk, actor }) => [action, risk, actor]),
    [['resume_session', 'disruptive', 'watchdog']],
    'the HALT in it is a part of it',
  );
  await until('it is complete', () => has(id, 'execution:completed'));
});

test('a command that runs for long is noted and never ended for being quiet', async () => {
  const id = await run('builds', 'RUN sleep 300');
  await until('it is noted', async () => (await incidents(id))[0]?.fault_id === 'S3');
  assert.equal((await incidents(id))[0]?.severity, 'info');
  assert.deepEqual(
    (await runsOf(id)).filter(({ action }) => action === 'resume_session'),
    [],
  );
  assert.equal((await command(id, 'HALT')).state, 'applied');
});
