import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
import { createAcpAdapter } from './acp-adapter.ts';

/** A real agent of the Agent Client Protocol, codex-acp, with a model that does what it is told. */

const command = [process.execPath, installed('@agentclientprotocol/codex-acp', 'dist', 'index.js')];

let upstream: ScriptedUpstream;
let home: string;
let folder: string;
let adapter: ReturnType<typeof createAcpAdapter>;

before(async () => {
  upstream = await startScriptedUpstream(agentModel);
  home = mkdtempSync(join(tmpdir(), 'acp-home-'));
  folder = join(home, 'work');
  mkdirSync(folder);
  adapter = createAcpAdapter({ folder: join(home, 'pipes'), newId, monotonic: () => performance.now() });
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
  env: {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CODEX_HOME: home,
    NO_BROWSER: '1',
  },
  ...more,
});

test('it is available where its program is, and says why where it is not', async () => {
  const { env } = startOf();
  assert.deepEqual(await adapter.available({ command, env }), { ok: true, version: 'ACP 1' });
  const missing = await adapter.available({ command: ['no-such-agent'], env });
  assert.ok(!missing.ok && missing.reason.includes('no-such-agent'));
  assert.equal((await adapter.available({ command: [], env })).ok, false);
});

test('a turn is steered, HALT ends it with the sleep it left behind, and a RESUME goes on', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'RUN sleep 300' }), sink);
  try {
    assert.ok(handle.identity);
    await sink.until('the command runs', toolRuns);
    const sleep = await sleeper(handle.identity);
    const steered = await send(handle, 'REDIRECT', { prompt: 'and say it in French' });
    assert.deepEqual(steered, { state: 'applied', evidence: { mode: 'steered', outcome: 'injected' } });
    const [first, second] = await Promise.all([send(handle, 'HALT'), send(handle, 'HALT')]);
    assert.equal(first.state, 'applied', JSON.stringify(first));
    assert.deepEqual(second, first);
    assert.equal(first.evidence['child_tree_gone'], true);
    assert.ok(!isAlive(sleep));
    assert.equal(sink.phases.at(-1), 'halted');

    assert.equal((await send(handle, 'RESUME', { prompt: 'hello' })).state, 'applied');
    await sink.until('the next turn', completed(1));
    const said = sink.events
      .filter(({ type }) => type === 'message:assistant')
      .map(({ data }) => data['text']);
    assert.ok(
      said.some((text) => String(text).includes('Done: hello')),
      JSON.stringify(said),
    );
    assert.ok(sink.volatiles.includes('message:delta'));
    assert.ok((sink.used.at(-1)?.inputTokens ?? 0) > 0 && (sink.used.at(-1)?.contextWindow ?? 0) > 0);
    assert.match(String(upstream.requests.at(-1)?.headers['x-vigiles-session']), /^ses_/);
  } finally {
    await handle.stop();
  }
});

test('a permission is a decision: allowed it runs, refused it does not, and a HALT takes the question back', async () => {
  const sink = watchSink();
  const handle = await adapter.start(startOf({ prompt: 'ASK echo yes > asked.txt', approvals: 'ask' }), sink);
  const asks = async (count: number) => {
    await sink.until(`question ${count}`, ({ questions }) => questions.length === count);
    const asked = sink.questions[count - 1];
    assert.ok(asked);
    return asked;
  };
  try {
    const first = await asks(1);
    assert.match(first.question, /echo yes/);
    assert.notEqual(refusalOf(first.options), null);
    const yes = first.options.find(({ kind }) => kind === 'allow_once');
    assert.equal(handle.answer(first.decisionId, 'no such option'), false);
    assert.equal(handle.answer(first.decisionId, yes?.id ?? ''), true);
    await sink.until('the turn', completed(1));
    assert.equal(readFileSync(join(folder, 'asked.txt'), 'utf8'), 'yes\n');

    await send(handle, 'REDIRECT', { prompt: 'ASK echo no > refused.txt' });
    assert.equal(handle.answer((await asks(2)).decisionId, null), true);
    await sink.until('it is over', ({ phases }) => phases.at(-1) === 'idle' || phases.at(-1) === 'halted');
    await send(handle, 'REDIRECT', { prompt: 'ASK echo no > refused.txt' });
    const third = await asks(3);
    assert.equal((await send(handle, 'HALT')).state, 'applied');
    assert.deepEqual(sink.withdrawn, [third.decisionId]);
    assert.equal(handle.answer(third.decisionId, null), false);
    assert.ok(!existsSync(join(folder, 'refused.txt')));
  } finally {
    await handle.stop();
  }
});

test('it outlives whoever started it: the turn that ran is seen to end, and its conversation goes on', async () => {
  const options = startOf({ prompt: 'RUN sleep 1; echo over' });
  const first = watchSink();
  const handle = await adapter.start(options, first);
  const { identity } = handle;
  assert.ok(identity);
  await first.until('the command runs', toolRuns);
  handle.letGo();
  const second = watchSink();
  const kept = { prompt: null, conversation: handle.conversation(), memo: handle.memo() };
  const again = await adapter.rejoin({ ...options, ...kept }, identity, second);
  assert.ok(again);
  try {
    await second.until('the turn ends', completed(1));
    assert.equal((await send(again, 'REDIRECT', { prompt: 'still there?' })).state, 'applied');
    await second.until('it answers', completed(2));
    assert.ok(JSON.stringify(upstream.requests.at(-1)?.json).includes('echo over'), 'the same conversation');
  } finally {
    await again.stop();
  }
});

test('a question that was open when control went is asked again under its own name, and its answer is taken', async () => {
  const options = startOf({ prompt: 'ASK echo on > asked-on.txt', approvals: 'ask' });
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
    await second.until('it asks again', ({ questions }) => questions.length === 1);
    const [asked] = second.questions;
    assert.equal(asked?.decisionId, first.questions[0]?.decisionId);
    const yes = asked?.options.find(({ kind }) => kind === 'allow_once');
    assert.equal(again.answer(asked?.decisionId ?? '', yes?.id ?? ''), true);
    await second.until('the turn ends', completed(1));
    assert.ok(existsSync(join(folder, 'asked-on.txt')));
    assert.deepEqual(again.memo()['questions'], []);
  } finally {
    await again.stop();
  }
});

test('an agent that ends before it greets says what it said', async () => {
  const script = 'process.stderr.write("no licence here\\n"); process.exit(3)';
  await assert.rejects(
    adapter.start(startOf({ command: [process.execPath, '-e', script] }), watchSink()),
    /no licence here/,
  );
});
