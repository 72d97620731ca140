import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../../../kernel/ids.ts';
import { identify, isAlive } from '../../../../platform/process/index.ts';
import { agentModel } from '../../../../testing/upstreams/agent-model.ts';
import {
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../../testing/upstreams/scripted-upstream.ts';
import type { AgentStart } from '../agent-adapter.ts';
import { refusalOf } from '../options.ts';
import { completed, installed, send, sleeper, toolRuns } from '../testing/real-agents.ts';
import { watchSink } from '../testing/watch-sink.ts';
import { createCodexAdapter } from './codex-adapter.ts';

/** The real Codex, driven by a model that does what it is told. */

const launcher = installed('@openai/codex', 'bin', 'codex.js');
const command = [process.execPath, launcher];

let upstream: ScriptedUpstream;
let home: string;
let folder: string;
let adapter: ReturnType<typeof createCodexAdapter>;

before(async () => {
  upstream = await startScriptedUpstream(agentModel);
  home = mkdtempSync(join(tmpdir(), 'agent-home-'));
  folder = join(home, 'work');
  mkdirSync(folder);
  adapter = createCodexAdapter({ folder: join(home, 'pipes'), newId });
});
after(async () => {
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

const startOf = (more: Partial<AgentStart> = {}): AgentStart => ({
  sessionId: newId('ses'),
  folder,
  prompt: null,
  model: 'house-model',
  approvals: 'full',
  conversation: null,
  memo: {},
  gateway: { origin: upstream.origin, token: 'vgl_test' },
  command,
  env: { PATH: process.env['PATH'] ?? '', HOME: home, CODEX_HOME: home },
  ...more,
});

test('it is available with its version, and says why where it is not', async () => {
  const { env } = startOf();
  const found = await adapter.available({ command, env });
  assert.ok(found.ok && /^\d+\.\d+/.test(found.version), JSON.stringify(found));
  const missing = await adapter.available({ command: ['no-such-codex'], env });
  assert.ok(!missing.ok && missing.reason.includes('no-such-codex'));
});

test('a HALT is applied when the turn has ended and its sleep is gone; two within a second are one; a RESUME goes on', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'RUN sleep 300' }), sink);
  try {
    await sink.until('the command runs', toolRuns);
    assert.ok(handle.identity);
    const sleep = await sleeper(handle.identity);
    const [first, second] = await Promise.all([send(handle, 'HALT'), send(handle, 'HALT')]);
    assert.equal(first.state, 'applied', JSON.stringify(first));
    assert.deepEqual(second, first);
    assert.deepEqual(await send(handle, 'HALT'), first);
    assert.equal(first.evidence['child_tree_gone'], true);
    assert.ok((first.evidence['processes'] as number[]).includes(sleep.pid));
    assert.ok(!isAlive(sleep));
    assert.deepEqual(sink.phases.slice(-2), ['halting', 'halted']);
    assert.ok(isAlive(handle.identity), 'the agent itself lives');

    const resumed = await send(handle, 'RESUME');
    assert.equal(resumed.state, 'applied', JSON.stringify(resumed));
    await sink.until('the new turn is complete', ({ events }) =>
      events.some(({ type }) => type === 'execution:completed'),
    );
    assert.equal(sink.phases.at(-1), 'idle');
    assert.ok((sink.used.at(-1)?.inputTokens ?? 0) > 0);
    const request = upstream.requests.at(-1);
    assert.equal(request?.headers['authorization'], 'Bearer vgl_test');
    assert.match(String(request?.headers['x-vigiles-session']), /^ses_/);
  } finally {
    await handle.stop();
  }
  assert.equal((await handle.exited).unexpected, false);
  assert.equal(handle.identity, null);
});

test('an approval is a decision: allowed it runs, and an answer nobody waits for any more is refused', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'ASK echo yes > asked.txt', approvals: 'ask' }), sink);
  try {
    await sink.until('it asks', ({ questions }) => questions.length === 1);
    const [asked] = sink.questions;
    assert.ok(asked);
    assert.equal(asked.kind, 'permission');
    assert.match(asked.question, /echo yes/);
    assert.ok(asked.options.some(({ id }) => id === 'allow') && refusalOf(asked.options) !== null);
    assert.equal(sink.phases.at(-1), 'waiting');
    assert.equal(handle.answer(asked.decisionId, 'something else'), false);
    assert.equal(handle.answer(asked.decisionId, 'allow'), true);
    assert.equal(handle.answer(asked.decisionId, 'allow'), false);
    await sink.until('the turn ends', ({ events }) =>
      events.some(({ type }) => type === 'execution:completed'),
    );
    assert.equal(readFileSync(join(folder, 'asked.txt'), 'utf8'), 'yes\n');
    assert.deepEqual(sink.withdrawn, []);

    await send(handle, 'REDIRECT', { prompt: 'ASK echo no > refused.txt' });
    await sink.until('it asks again', ({ questions }) => questions.length === 2);
    assert.equal((await send(handle, 'HALT')).state, 'applied');
    assert.deepEqual(sink.withdrawn, [sink.questions[1]?.decisionId]);
    assert.ok(!existsSync(join(folder, 'refused.txt')));
  } finally {
    await handle.stop();
  }
});

test('a REDIRECT is taken by the running turn, an INJECT waits for its end, and a ROLLBACK goes on from an earlier place', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'hello' }), sink);
  try {
    await sink.until('the first turn', completed(1));
    const position = handle.position();
    const conversation = handle.conversation();
    assert.ok(position);
    await send(handle, 'REDIRECT', { prompt: 'RUN sleep 2' });
    await sink.until('the command runs', toolRuns);
    const later = send(handle, 'INJECT', { skill_name: 'review', position: 'end' });
    const steered = await send(handle, 'REDIRECT', { prompt: 'and say it in French' });
    assert.equal(steered.state, 'applied', JSON.stringify(steered));
    assert.equal(steered.evidence['mode'], 'steered');
    assert.equal((await later).evidence['mode'], 'turn_started');
    await sink.until('both turns', completed(2));
    const said = sink.events.filter(({ type }) => type === 'message:user').map(({ data }) => data['text']);
    assert.deepEqual(said, ['hello', 'RUN sleep 2', 'and say it in French', 'Also use the skill "review".']);

    const back = await send(handle, 'ROLLBACK', { position });
    assert.equal(back.state, 'applied', JSON.stringify(back));
    assert.notEqual(handle.conversation(), conversation);
    await send(handle, 'REDIRECT', { prompt: 'and now?' });
    await sink.until('the turn after it', completed(3));
    const sent = JSON.stringify(upstream.requests.at(-1)?.json?.['input']);
    assert.ok(sent.includes('hello') && !sent.includes('French'), 'only what was said before');

    // A way back that belongs to the conversation before the first rollback, and one to its beginning.
    const place = handle.position();
    const asked = () => JSON.stringify(upstream.requests.at(-1)?.json?.['input']);
    assert.ok(place);
    await send(handle, 'REDIRECT', { prompt: 'once more' });
    await sink.until('one more', completed(4));
    assert.equal((await send(handle, 'ROLLBACK', { position: place })).state, 'applied');
    await send(handle, 'REDIRECT', { prompt: 'first way' });
    await sink.until('the first way', completed(5));
    assert.ok(asked().includes('and now?') && !asked().includes('once more'));
    assert.equal((await send(handle, 'ROLLBACK', { position, conversation })).state, 'applied');
    await send(handle, 'REDIRECT', { prompt: 'second way' });
    await sink.until('the second way', completed(6));
    assert.ok(asked().includes('hello') && !asked().includes('and now?'));
  } finally {
    await handle.stop();
  }
});

test('an agent outlives whoever started it, and is taken up again in the middle of its turn', async () => {
  const first = watchSink();
  const options = startOf({ prompt: 'RUN sleep 1; echo over' });
  const handle = await adapter.start(options, first);
  const { identity } = handle;
  assert.ok(identity);
  const conversation = handle.conversation();
  await first.until('the command runs', toolRuns);
  const memo = handle.memo();
  handle.letGo();

  const second = watchSink();
  const again = await adapter.rejoin({ ...options, prompt: null, conversation, memo }, identity, second);
  assert.ok(again);
  try {
    await second.until('the turn ends', ({ events }) =>
      events.some(({ type }) => type === 'execution:completed'),
    );
    assert.deepEqual(identify(identity.pid), identity);
    assert.equal((await send(again, 'REDIRECT', { prompt: 'still there?' })).state, 'applied');
    await second.until('it answers', ({ events }) =>
      events.some(({ data }) => String(data['text']).includes('Done: still there?')),
    );
  } finally {
    await again.stop();
  }
  assert.equal(await adapter.rejoin({ ...options, conversation }, identity, watchSink()), null);
});

test('a turn that ended while nobody listened is told to have ended', async () => {
  const first = watchSink();
  const options = startOf({ prompt: 'RUN sleep 1; echo heard-by-nobody' });
  const handle = await adapter.start(options, first);
  const { identity } = handle;
  assert.ok(identity);
  await first.until('the command runs', toolRuns);
  const more = { conversation: handle.conversation(), memo: handle.memo() };
  handle.letGo();
  const ended = () => JSON.stringify(upstream.requests.at(-1)?.json).includes('function_call_output');
  for (const until = performance.now() + 30_000; !ended() && performance.now() < until;) await delay(20);
  const second = watchSink();
  const again = await adapter.rejoin({ ...options, ...more, prompt: null }, identity, second);
  assert.ok(again);
  try {
    await second.until('the turn ends', completed(1));
  } finally {
    await again.stop();
  }
});

test('a turn the provider refuses has failed, and the agent stays; an agent that dies says so', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'FAIL' }), sink);
  await sink.until('the turn fails', ({ events }) => events.some(({ type }) => type === 'execution:failed'));
  assert.match(JSON.stringify(sink.events.at(-1)), /This model refuses/);
  assert.ok(handle.identity);
  process.kill(handle.identity.pid, 'SIGKILL');
  const exit = await handle.exited;
  assert.equal(exit.unexpected, true);
  const after = await send(handle, 'REDIRECT', { prompt: 'hello?' });
  assert.equal(after.state === 'failed' && after.code, 'agent_gone');
  await handle.stop();
});

test('a Codex that cannot start says what it said', async () => {
  const script = 'process.stderr.write("no licence here\\n"); process.exit(3)';
  const start = startOf({ command: [process.execPath, '-e', script, '--'] });
  await assert.rejects(adapter.start(start, watchSink()), /no licence here/);
});
