import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Decision, NewDecision, Session, SessionCommand, SessionEvent } from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../../../server/src/testing/test-control.ts';
import { pointAt, runHere } from '../testing/run-here.ts';
import { newFolder, removeFolder, type Ran } from '../testing/vigiles.ts';

/** Every verb about sessions against a real control in this process. */

let rig: TestControl;
let home: string;
let made = 0;
const maker = { actor: 'device:maker', deviceId: 'maker', tenant: 'main' };
const by = { actor: 'device:maker', producer: 'maker' };

const cli = (...args: string[]): Promise<Ran> => runHere(...args, '--home', home);
const session = (...args: string[]): Promise<Ran> => cli('session', ...args);
const json = ({ stdout }: Ran): unknown => JSON.parse(stdout);
const newSession = async (name = `s-${(made += 1)}`): Promise<string> => {
  await rig.control.sessions.create({ session_id: name, metadata: { title: `work on ${name}` } }, maker);
  return name;
};
const ask = (id: string, more: Partial<NewDecision> = {}): Promise<Decision> =>
  rig.control.sessions.openDecision(id, { question: 'Which?', options: ['A', 'B'], ...more }, 'agent');

/** Whoever carries out this session's commands: each is done at once with this outcome. */
const orchestrator = (id: string, outcome: 'applied' | 'failed' = 'applied') =>
  rig.control.sessions.hold(id, {
    deliver: async (command) =>
      outcome === 'applied'
        ? { state: 'applied', evidence: { did: command.type, args: command.args } }
        : { state: 'failed', code: 'no', message: 'it could not', evidence: {} },
    answer: () => true,
  });

before(async () => {
  const many = '{ per_minute: 100000, per_hour: 100000, per_day: 100000, cooldown_s: 0 }';
  rig = await startTestControl({
    yaml: `limits: { light: ${many}, standard: ${many}, heavy: ${many} }\nsessions: { command_ttl_s: 1 }`,
  });
  home = newFolder();
  pointAt(home, rig.url, rig.admin);
});
after(async () => {
  await rig.close();
  removeFolder(home);
});

test('sessions are listed and shown, as lines and exactly as the API has them', async () => {
  const empty = await session('list', '--status', 'halted');
  assert.deepEqual([empty.code, empty.stdout], [0, 'None of that kind.\n']);
  const id = await newSession();
  const list = await session('list');
  assert.equal(list.code, 0, list.stderr);
  assert.match(list.stdout, new RegExp(`^${id} .*work on ${id}$`, 'm'));
  assert.ok(
    (json(await session('list', '--json')) as { sessions: Session[] }).sessions.some(
      (each) => each.session_id === id,
    ),
  );
  await ask(id);
  const waiting = (json(await session('list', '--waiting', '--json')) as { sessions: Session[] }).sessions;
  assert.ok(waiting.some((each) => each.session_id === id));
  const shown = await session('show', id);
  assert.match(shown.stdout, /waiting/);
  assert.equal(shown.stdout.split('Which?').length, 2, 'what it asks stands there once');
  assert.match(shown.stderr, new RegExp(`vigiles session decide ${id} dec_\\w+ A \\| B`));
  assert.equal((json(await session('show', id, '--json')) as Session).session_id, id);
});

test('an id may be cut short where it is the only one; an unknown one and a doubtful one are told apart', async () => {
  await newSession('prefix-one-1');
  await newSession('prefix-two-1');
  await newSession('prefix-two-2');
  assert.equal((json(await session('show', 'prefix-one', '--json')) as Session).session_id, 'prefix-one-1');
  const doubtful = await session('halt', 'prefix-two');
  assert.equal(doubtful.code, 2);
  assert.match(doubtful.stderr, /could be any of these:\nprefix-two-\d\nprefix-two-\d\nGive more of it/);
  for (const verb of ['show', 'halt', 'resume', 'export', 'rollback', 'decide']) {
    const unknown = await session(verb, 'nobody');
    assert.equal(unknown.code, 1, verb);
    assert.match(unknown.stderr, /There is no session "nobody"/, verb);
  }
  assert.equal((await session('show')).code, 2, 'wrong usage');
});

test('a command is followed to its end: applied is 0, whatever else came of it is 5', async () => {
  const id = await newSession();
  await rig.control.sessions.append(id, [{ type: 'execution:started' }], by);
  await orchestrator(id);
  const halt = await session('halt', id, '--reason', 'lunch', '--json');
  assert.equal(halt.code, 0, halt.stderr);
  const { state, evidence, args } = json(halt) as SessionCommand;
  assert.deepEqual([state, evidence?.['did'], args['reason']], ['applied', 'HALT', 'lunch']);
  assert.match((await session('resume', id, 'go', 'on')).stdout, /^RESUME applied/);
  const redirect = json(await session('redirect', id, 'use', 'make', '--json')) as SessionCommand;
  assert.equal(redirect.args['message'], 'use make');
  const inject = json(await session('inject', id, 'and tests', '--end', '--json')) as SessionCommand;
  assert.deepEqual([inject.args['message'], inject.args['position']], ['and tests', 'end']);
  const refused = await session('resume', id);
  assert.deepEqual([refused.code, refused.stderr], [5, 'Cannot resume - execution is running\n']);
  await rig.control.sessions.letGo(id, 'x');
  await orchestrator(id, 'failed');
  const failed = await session('inject', id, 'x');
  assert.deepEqual([failed.code, failed.stdout], [5, 'INJECT failed: it could not\n']);
});

test('without anybody who carries it out a command expires, and that is said', async () => {
  const id = await newSession();
  const { code, stdout } = await session('inject', id, 'x');
  assert.deepEqual([code, stdout], [5, 'INJECT expired: Nobody carried it out in time\n']);
});

test('what is asked is shown, answered, and given more time', async () => {
  const id = await newSession();
  assert.equal((await session('decide', id)).stdout, 'It asks nothing.\n');
  const first = await ask(id, { decision_id: 'dec_first', timeout_s: 300 });
  await ask(id, { decision_id: 'dec_second', question: 'Why?', options: [] });
  const shown = await session('decide', id);
  assert.match(shown.stdout, /dec_first {2}\(until .*Z\)\n {2}Which\?\n {2}answers: "A" "B"/);
  assert.match(shown.stdout, /dec_second\n {2}Why\?\n {2}answers: any text/);
  assert.equal(
    (json(await session('decide', id, '--json')) as { decisions: Decision[] }).decisions.length,
    2,
  );
  assert.match((await session('decide', id, 'dec_f')).stdout, /Which\?/);
  const extended = json(await session('extend', id, 'dec_first', '--seconds', '60', '--json')) as Decision;
  assert.equal(extended.expires_at, (first.expires_at ?? 0) + 60_000);
  const endless = await session('extend', id, 'dec_second');
  assert.deepEqual([endless.code, endless.stderr], [5, 'It waits until somebody answers.\n']);
  const wrong = await session('decide', id, 'dec_first', 'C');
  assert.deepEqual([wrong.code, wrong.stderr], [5, '"C" is not an option; there are "A", "B"\n']);
  const answered = await session('decide', id, 'dec_fi', 'A', '--note', 'why not');
  assert.deepEqual([answered.code, answered.stdout], [0, 'Decided: "A".\n']);
  const decision = await rig.control.sessions.decision(id, 'dec_first');
  assert.equal(decision?.resolution?.note, 'why not');
  const doubtful = await session('decide', id, 'dec_nothing', 'A');
  assert.equal(doubtful.code, 1);
  assert.match(doubtful.stderr, /no decision "dec_nothing"/);
});

test('who comes too late is told who was faster, and when', async () => {
  const id = await newSession();
  const { decision_id } = await ask(id);
  const { device } = await rig.control.devices.createDevice({ name: 'Ann’s phone', scopes: ['operate'] });
  const ann = { actor: `device:${device.id}`, deviceId: device.id };
  await rig.control.sessions.answerDecision(id, decision_id, 'B', ann);
  const lost = await session('decide', id, decision_id, 'A');
  assert.equal(lost.code, 5);
  assert.match(lost.stderr, /^Answered by Ann’s phone at \d{4}-\d\d-\d\dT[\d:.]+Z: "B"\.\n$/);
  assert.match((await session('decide', id, decision_id)).stdout, /Answered by Ann’s phone/);
  const late = await session('extend', id, decision_id);
  assert.equal(late.code, 5);
  assert.match(late.stderr, /Answered by Ann’s phone/);
  assert.equal((await session('decide', id, decision_id, 'B')).code, 0, 'the same answer is no mistake');
});

test('an expired decision says so', async () => {
  const id = await newSession();
  const { decision_id } = await ask(id, { timeout_s: 0.1, default: 'A', on_timeout: 'default' });
  await rig.control.sessions.awaitDecision(id, decision_id, 30_000);
  const { code, stderr } = await session('decide', id, decision_id, 'B');
  assert.equal(code, 5);
  assert.match(stderr, /Nobody answered until .*Z; the default counts: "A"/);
});

test('a rollback is shown first and done with --yes; without a checkpoint it is said', async () => {
  const id = await newSession();
  const none = await session('rollback', id);
  assert.deepEqual([none.code, none.stderr], [1, 'There is no such checkpoint.\n']);
  await rig.control.sessions.checkpoints.add(id, { checkpoint_id: 'cpt_1', label: 'x' }, 'agent');
  await orchestrator(id);
  const done = json(await session('rollback', id, '--yes', '--json')) as SessionCommand;
  assert.deepEqual([done.state, done.args['checkpoint_id']], ['applied', 'cpt_1']);
});

test('a log is exported as it is or as AG-UI, to a file or a pipe; a file that fails is not left half', async () => {
  const id = await newSession();
  await rig.control.sessions.append(id, [{ type: 'message:assistant', data: { text: 'hello' } }], by);
  const piped = await session('export', id);
  const events = piped.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent);
  assert.deepEqual([events[0]?.seq, events.at(-1)?.type], [1, 'message:assistant']);
  const out = join(home, 'log.jsonl');
  const written = await session('export', id, '--out', out, '--format', 'ag-ui');
  assert.equal(written.code, 0, written.stderr);
  assert.match(readFileSync(out, 'utf8'), /"TEXT_MESSAGE_CONTENT"/);
  assert.equal((await session('export', id, '--format', 'other')).code, 2);
  assert.equal((await session('export', id, '--out', join(home, 'no', 'such', 'folder'))).code, 1);
});

test('attach shows a session until it rests, only what is wanted, and ends as it ended', async () => {
  const id = await newSession();
  await rig.control.sessions.append(
    id,
    [
      { type: 'execution:started' },
      { type: 'message:assistant', data: { text: 'hello\u001B[2J' } },
      { type: 'execution:failed', data: { error: 'no' } },
    ],
    by,
  );
  const all = await cli('attach', id);
  assert.equal(all.code, 1, 'it failed');
  assert.match(all.stdout, /message:assistant {2}hello/);
  assert.ok(!all.stdout.includes('\u001B'), 'hostile text stays text');
  const some = await cli('attach', id, '--types', 'message:*', '--json');
  const lines = some.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['message:assistant'],
  );
  assert.equal((await cli('attach', 'nobody')).code, 1);
});

test('attach shows what happens as it happens, and ends when the session does', async () => {
  const id = await newSession();
  const { sessions } = rig.control;
  await sessions.append(id, [{ type: 'execution:started' }], by);
  const [whole, some] = [cli('attach', id), cli('attach', id, '--types', 'message:*')];
  await until('both follow it', async () => (await sessions.get(id))?.watchers === 2);
  await sessions.append(id, [{ type: 'message:assistant', data: { text: 'just now' } }], by);
  await sessions.append(id, [{ type: 'skill:started', data: { skill_name: 'shell' } }], by);
  await sessions.append(id, [{ type: 'execution:completed' }], by);
  const [all, words] = [await whole, await some];
  assert.deepEqual([all.code, words.code], [0, 0]);
  assert.match(all.stdout, /execution:started[\s\S]*just now[\s\S]*execution:completed/);
  assert.match(words.stdout, /just now/);
  assert.ok(!words.stdout.includes('execution:'));
});

test('run says what is wrong with an agent, a folder or words that are missing', async () => {
  const unknown = await cli('run', 'nobody', 'do it');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /There is no agent "nobody"/);
  const folder = await cli('run', 'codex', 'do it', '--repo', join(home, 'nothing'));
  assert.match(folder.stderr, /is not an absolute path of a folder here/);
  assert.equal((await cli('run', 'codex')).code, 2);
});

test('without a running Vigiles every verb says so with its own code', async () => {
  const elsewhere = newFolder();
  const { code, stderr } = await runHere('session', 'list', '--home', elsewhere);
  assert.equal(code, 3);
  assert.match(stderr, /not running/);
  removeFolder(elsewhere);
});

test('Claude Code gets hooks beside the person’s own, without the gateway where that is wanted', async () => {
  const userHome = newFolder();
  const path = join(userHome, '.claude', 'settings.json');
  const own =
    '{\n  "hooks": {\n    "Stop": [\n      {"hooks": [{"type": "command", "command": "say done"}]}\n    ]\n  }\n}\n';
  mkdirSync(join(userHome, '.claude'));
  writeFileSync(path, own);
  const connect = (...more: string[]) =>
    cli('connect', 'claude', '--user-home', userHome, '--no-gateway', ...more);
  const { code, stderr, stdout } = await connect();
  assert.equal(code, 0, stderr);
  assert.match(stderr, /While Vigiles is not running/);
  const settings = json({ code: 0, stderr: '', stdout: readFileSync(path, 'utf8') }) as {
    env?: unknown;
    hooks: Record<string, { hooks: { type: string; url?: string; onFailure?: string }[] }[]>;
  };
  assert.equal(settings.env, undefined);
  assert.deepEqual(
    settings.hooks['Stop']?.map(({ hooks }) => hooks[0]?.type),
    ['command', 'http'],
  );
  const [guard] = settings.hooks['PreToolUse']?.[0]?.hooks ?? [];
  assert.equal(guard?.onFailure, 'block');
  const token = /vgl_[A-Za-z0-9_-]+/.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
  assert.ok(!stdout.includes(token) && !stderr.includes(token));
  const sent = await fetch(guard?.url ?? '', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: 'from-settings', hook_event_name: 'PreToolUse', tool_name: 'Read' }),
  });
  assert.deepEqual([sent.status, await sent.json()], [200, {}]);
  assert.match((await connect()).stdout, /connected already/);
  assert.equal((await connect('--no-hooks')).code, 2);
  const undone = await cli('disconnect', 'claude', '--user-home', userHome);
  assert.equal(undone.code, 0, undone.stderr);
  assert.equal(readFileSync(path, 'utf8'), own);
  removeFolder(userHome);
});
