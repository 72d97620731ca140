import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newId } from '../../../../kernel/ids.ts';
import { isAlive } from '../../../../platform/process/index.ts';
import { agentModel } from '../../../../testing/upstreams/agent-model.ts';
import {
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../../testing/upstreams/scripted-upstream.ts';
import type { AgentStart } from '../agent-adapter.ts';
import { refusalOf } from '../options.ts';
import { completed, installed, send, sleeper, toolRuns } from '../testing/real-agents.ts';
import { watchSink } from '../testing/watch-sink.ts';
import { createClaudeAdapter } from './claude-adapter.ts';
import { askedPermission } from './permission.ts';

/** The real Claude Code, with a model that does what it is told. */

const binary = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
const command = [installed(binary, 'claude')];

let upstream: ScriptedUpstream;
let home: string;
let folder: string;
let adapter: ReturnType<typeof createClaudeAdapter>;

before(async () => {
  upstream = await startScriptedUpstream(agentModel);
  home = mkdtempSync(join(tmpdir(), 'claude-home-'));
  folder = join(home, 'work');
  mkdirSync(folder);
  adapter = createClaudeAdapter({ folder: join(home, 'pipes'), newId, monotonic: () => performance.now() });
});
after(async () => {
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

const startOf = (more: Partial<AgentStart> = {}): AgentStart => ({
  sessionId: newId('ses'),
  folder,
  prompt: null,
  model: 'claude-sonnet-4-5',
  approvals: 'ask',
  conversation: null,
  memo: {},
  gateway: { origin: upstream.origin, token: 'vgl_test' },
  command,
  env: { PATH: process.env['PATH'] ?? '', HOME: home },
  ...more,
});

test('it is available with its version, and says why where it is not', async () => {
  const { env } = startOf();
  const found = await adapter.available({ command, env });
  assert.ok(found.ok && /^\d+\.\d+/.test(found.version), JSON.stringify(found));
  assert.equal((await adapter.available({ command: ['no-such-claude'], env })).ok, false);
});

test('a permission is a decision, a HALT ends the turn with its sleep, and words said meanwhile are taken in', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'RUN echo yes > asked.txt' }), sink);
  try {
    await sink.until('it asks', ({ questions }) => questions.length === 1);
    const [asked] = sink.questions;
    assert.ok(asked);
    assert.match(asked.question, /echo yes/);
    assert.notEqual(refusalOf(asked.options), null);
    assert.equal(handle.answer(asked.decisionId, 'no such option'), false);
    assert.equal(handle.answer(asked.decisionId, 'allow'), true);
    assert.equal(handle.answer(asked.decisionId, 'allow'), false);
    await sink.until('the turn', completed(1));
    assert.equal(readFileSync(join(folder, 'asked.txt'), 'utf8'), 'yes\n');
    assert.ok((sink.used.at(-1)?.inputTokens ?? 0) > 0 && (sink.used.at(-1)?.costMicrousd ?? 0) > 0);
    assert.match(String(upstream.requests.at(-1)?.headers['x-vigiles-session']), /^ses_/);

    sink.events.length = 0;
    await send(handle, 'REDIRECT', { prompt: 'RUN while true; do sleep 30; done' });
    assert.ok(handle.identity);
    await sink.until('the command runs', toolRuns);
    const sleep = await sleeper(handle.identity);
    const [first, second] = await Promise.all([send(handle, 'HALT'), send(handle, 'HALT')]);
    assert.equal(first.state, 'applied', JSON.stringify(first));
    assert.deepEqual(second, first);
    assert.ok(!isAlive(sleep));
    assert.equal(sink.phases.at(-1), 'halted');

    sink.events.length = 0;
    assert.equal((await send(handle, 'RESUME', { prompt: 'RUN sleep 1' })).state, 'applied');
    await sink.until('the next command runs', toolRuns);
    const steered = await send(handle, 'REDIRECT', { prompt: 'and say it in French' });
    assert.equal(steered.evidence['mode'], 'steered');
    await sink.until('the turn with it', ({ phases }) => phases.at(-1) === 'idle');
    assert.ok(JSON.stringify(upstream.requests.map(({ json }) => json)).includes('say it in French'));
  } finally {
    await handle.stop();
  }
});

test('a refused tool call does not run, and a HALT takes an open question back', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'RUN echo no > refused.txt' }), sink);
  try {
    await sink.until('it asks', ({ questions }) => questions.length === 1);
    assert.equal(handle.answer(sink.questions[0]?.decisionId ?? '', null), true);
    await sink.until('the turn', completed(1));
    assert.ok(sink.events.some(({ type }) => type === 'skill:failed'));
    await send(handle, 'INJECT', { message: 'RUN echo no > refused.txt' });
    await sink.until('it asks again', ({ questions }) => questions.length === 2);
    assert.equal((await send(handle, 'HALT')).state, 'applied');
    assert.deepEqual(sink.withdrawn, [sink.questions[1]?.decisionId]);
    assert.ok(!existsSync(join(folder, 'refused.txt')));
  } finally {
    await handle.stop();
  }
});

test('a question that was open when control went is asked again under its own name, and its answer is taken', async () => {
  const options = startOf({ prompt: 'RUN echo on > asked-on.txt' });
  const first = watchSink();
  const handle = await adapter.start(options, first);
  const { identity } = handle;
  assert.ok(identity);
  await first.until('it asks', ({ questions }) => questions.length === 1);
  handle.letGo();
  const kept = { prompt: null, conversation: handle.conversation(), memo: handle.memo() };
  const second = watchSink();
  const again = await adapter.rejoin({ ...options, ...kept }, identity, second);
  assert.ok(again);
  try {
    assert.equal(second.questions[0]?.decisionId, first.questions[0]?.decisionId);
    assert.equal(again.answer(second.questions[0]?.decisionId ?? '', 'allow'), true);
    await second.until('the turn ends', completed(1));
    assert.ok(existsSync(join(folder, 'asked-on.txt')));
    assert.deepEqual(again.memo()['questions'], []);
  } finally {
    await again.stop();
  }
});

test('its model traffic is its session’s also where the person’s own settings lead Claude Code elsewhere', async () => {
  const own = join(home, 'connected');
  mkdirSync(join(own, '.claude'), { recursive: true });
  const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_AUTH_TOKEN: 'vgl_of_the_person' };
  const settings = join(own, '.claude', 'settings.json');
  writeFileSync(
    settings,
    JSON.stringify({ env: { ...env, ANTHROPIC_CUSTOM_HEADERS: 'x-own: 1', OWN: 'stays' } }),
  );
  const sink = watchSink();
  const start = startOf({ prompt: 'RUN echo $OWN > own.txt', approvals: 'full' });
  const handle = await adapter.start({ ...start, env: { ...start.env, HOME: own, IS_SANDBOX: '1' } }, sink);
  try {
    await sink.until('the turn', completed(1));
    const { headers } = upstream.requests.at(-1) ?? {};
    assert.equal(headers?.['authorization'], 'Bearer vgl_test');
    assert.equal(headers?.['x-vigiles-session'], start.sessionId);
    assert.equal(readFileSync(join(folder, 'own.txt'), 'utf8'), 'stays\n');
    const { pid } = handle.identity ?? {};
    assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('vgl_test'), 'everybody can read that');
  } finally {
    await handle.stop();
  }
});

test('questions that are asked together are answered together, and one that is refused takes the others back', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'CHOOSE Which one? | What for?' }), sink);
  try {
    await sink.until('it asks', ({ questions }) => questions.length === 2);
    const ids = sink.questions.map(({ decisionId }) => decisionId);
    assert.deepEqual(
      sink.questions.map(({ kind, question }) => [kind, question]),
      [
        ['question', 'Which one?'],
        ['question', 'What for?'],
      ],
    );
    assert.equal(handle.answer(ids[1] ?? '', 'for the tests'), true);
    assert.equal(handle.answer(ids[0] ?? '', 'B'), true);
    await sink.until('the turn', completed(1));
    const heard = JSON.stringify(upstream.requests.at(-1)?.json?.['messages']);
    assert.ok(heard.includes('for the tests') && /Which one\?[^A-Za-z]+B/.test(heard), heard);
    assert.deepEqual(sink.withdrawn, []);

    await send(handle, 'INJECT', { message: 'CHOOSE And now? | And then?' });
    await sink.until('it asks again', ({ questions }) => questions.length === 4);
    const [first = '', second = ''] = sink.questions.slice(2).map(({ decisionId }) => decisionId);
    assert.equal(handle.answer(first, null), true);
    assert.deepEqual(sink.withdrawn, [second], 'nobody waits for the other answer any more');
    assert.equal(handle.answer(second, 'too late'), false);
    await sink.until('the turn after the refusal', completed(2));
  } finally {
    await handle.stop();
  }
});

test('it outlives whoever started it, and its conversation goes on after its process is gone', async () => {
  const options = startOf({ prompt: 'RUN sleep 1' });
  const first = watchSink();
  const handle = await adapter.start(options, first);
  const { identity } = handle;
  assert.ok(identity);
  await first.until('the command runs', toolRuns);
  handle.letGo();
  const later = { ...options, prompt: null, memo: handle.memo(), conversation: handle.conversation() };
  const second = watchSink();
  const again = await adapter.rejoin(later, identity, second);
  assert.ok(again);
  await second.until('the turn ends', completed(1));
  await again.stop();

  const third = watchSink();
  const resumed = await adapter.start({ ...later, prompt: 'still there?' }, third);
  try {
    await third.until('it answers', completed(1));
    assert.ok(
      JSON.stringify(upstream.requests.at(-1)?.json).includes('RUN sleep 1'),
      'the same conversation',
    );
    // Back to where the first turn ended: what was said later is not known there.
    const place = { conversation: again.conversation(), position: again.position() };
    assert.ok(place.position);
    await resumed.stop();
    const fourth = watchSink();
    const back = await adapter.start({ ...later, ...adapter.startAt?.(place), prompt: 'and now?' }, fourth);
    try {
      await fourth.until('it answers', completed(1));
      const asked = JSON.stringify(upstream.requests.at(-1)?.json?.['messages']);
      assert.ok(asked.includes('RUN sleep 1') && !asked.includes('still there?'), asked);
    } finally {
      await back.stop();
    }
  } finally {
    await resumed.stop();
  }
});

test('questions of the agent are answered together, and remembering is offered only where it is allowed', () => {
  const input = { questions: [{ question: 'Which?', options: [{ label: 'A' }] }, { question: 'Why?' }] };
  const [which, why] = askedPermission({ tool_name: 'AskUserQuestion', input });
  assert.deepEqual(which?.answer('A'), {});
  assert.deepEqual(why?.answer('because')?.['updatedInput'], {
    ...input,
    answers: { 'Which?': 'A', 'Why?': 'because' },
  });
  const suggested = {
    tool_name: 'Write',
    input: { file_path: '/x' },
    permission_suggestions: [{ type: 'addRules' }],
  };
  const offered = (more = {}) => askedPermission({ ...suggested, ...more })[0]?.options.map(({ id }) => id);
  assert.deepEqual(offered(), ['allow', 'allow and remember', 'deny', 'deny and end the turn']);
  assert.deepEqual(offered({ suppress_always_allow_rule: true }), ['allow', 'deny', 'deny and end the turn']);
});
