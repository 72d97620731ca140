import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentsConfig, type Session } from '@vigiles/contract';
import { fault, FaultError } from '../../../../kernel/fault.ts';
import { newId } from '../../../../kernel/ids.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createStore } from '../../../../platform/store/create-store.ts';
import type { Store } from '../../../../platform/store/index.ts';
import { ControlLeaves } from '../../held-agents.ts';
import { identify, isAlive } from '../../../../platform/process/index.ts';
import { createSnapshots } from '../../snapshots/snapshots.ts';
import { handClock, maker, openRig } from '../../testing/rig.ts';
import type { AgentAdapter, AgentCommand, AgentHandle } from '../agent-adapter.ts';
import { sessionMark } from '../child/strays.ts';
import { playedAdapter } from '../testing/played-adapter.ts';
import type { AgentRunDeps } from './agent-run-face.ts';
import { createAgentRun } from './agent-run.ts';
import { createCheckpointing } from './checkpointing.ts';
import { restIdle } from './rest-idle.ts';
import { createRunBook, RunRecord } from './run-record.ts';

/** The supervisor's side of one agent, on a real store; the agent is played. */

const clock = handClock();
const minute = 60_000;
let home: string;
let store: Store;
let rig: Awaited<ReturnType<typeof openRig>>;

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'agent-run-'));
  rig = await openRig(
    async ({ migrations }) => (store = await createStore({ log: silentLog, home, migrations })),
    { clock },
  );
});
after(async () => {
  await rig.stop();
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

/** What `look` finds, as soon as it finds something. */
async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((later) => setTimeout(later, 5));
  }
  throw new Error(`Never happened: ${what}`);
}

async function startRun(more: Partial<AgentRunDeps> = {}) {
  const { sessions } = rig;
  const { session_id: id } = await sessions.create({}, maker);
  const folder = join(home, id);
  mkdirSync(folder);
  const { adapter: played, agents } = playedAdapter();
  /** What a start waits for, and what is different about what it starts. */
  let ready: Promise<unknown> = Promise.resolve();
  let started: Partial<AgentHandle> = {};
  const adapter: AgentAdapter = {
    ...played,
    async start(...how) {
      await ready;
      const handle = await played.start(...how);
      Object.assign(handle, started);
      return handle;
    },
  };
  const holdUp = (handle: Partial<AgentHandle> = {}): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    started = handle;
    ready = promise;
    return resolve;
  };
  const root = join(home, `${id}.kept`);
  const limits = { maxFileBytes: 1e6, maxTotalBytes: 1e6, maxFiles: 100 };
  const checkpointing = createCheckpointing({
    sessions,
    snapshots: createSnapshots({ root, path: process.env['PATH'] ?? '', limits: () => limits }),
    newId,
    log: silentLog,
    settings: () => AgentsConfig.parse({}).checkpoints,
  });
  const run = createAgentRun(
    {
      sessions,
      adapter,
      book: createRunBook(join(home, 'runs')),
      checkpointing,
      keeps: () => true,
      clock,
      log: silentLog,
      admit: async () => null,
      dismiss: async () => undefined,
      crashed: () => undefined,
      spoke: () => undefined,
      ...more,
    },
    {
      session_id: id,
      kind: 'claude',
      command: [],
      env: {},
      folder,
      model: null,
      approvals: 'ask',
      conversation: null,
      memo: {},
      pid: null,
      start_time: null,
      device_id: null,
      devices: [],
      counted: RunRecord.shape.counted.parse(undefined),
      busy: false,
    },
  );
  await run.start('begin');
  const give = (type: AgentCommand['type'], args = {}) =>
    run.deliver({ commandId: newId('cmd'), type, args });
  const session = async (): Promise<Session> => {
    const found = await sessions.get(id);
    assert.ok(found);
    return found;
  };
  const rest = (minutes: number) =>
    restIdle({ runs: new Map([[id, run]]), sessions, minutes, now: clock.now() });
  return { id, folder, root, run, agents, give, session, rest, checkpointing, holdUp };
}

test('an agent that nobody needs for long is ended, and the next command starts it again with its conversation', async () => {
  const { id, run, agents, give, session, rest } = await startRun();
  const agent = agents[0];
  assert.ok(agent);
  agent.sink.phase('running', 'a turn');
  clock.pass(100 * minute);
  await rest(60);
  assert.ok(run.alive(), 'it works');
  agent.sink.phase('idle', 'the turn is complete');
  clock.pass(59 * minute);
  await rest(60);
  assert.ok(run.alive(), 'not long enough');
  clock.pass(minute);
  await rest(0);
  assert.ok(run.alive(), 'not asked for');
  agent.children = 1;
  await rest(60);
  assert.ok(run.alive(), 'it left something running');
  agent.children = 0;
  const { decision_id } = await rig.sessions.openDecision(id, { question: '?', options: ['A'] }, 'agent');
  await rest(60);
  assert.ok(run.alive(), 'it asks');
  await rig.sessions.cancelDecision(id, decision_id, 'over');
  // Who comes while it is being ended gets a new one, not the dying.
  const [, steered] = await Promise.all([rest(60), give('REDIRECT', { message: 'go on' })]);
  assert.equal(steered.state, 'applied');
  assert.equal(agents.length, 1, 'a command was under way: it is not idle');
  clock.pass(60 * minute);
  await rest(60);
  assert.equal(run.alive(), false);
  const { agent: shown } = await session();
  assert.deepEqual([shown?.pid, shown?.capabilities.halt], [null, null]);
  assert.deepEqual([shown?.capabilities.steer, shown?.capabilities.inject], [true, true]);
  assert.equal((await give('INJECT', { message: 'more' })).state, 'applied');
  assert.equal(agents[1]?.start.conversation, 'conversation');
  assert.deepEqual(
    agents[1]?.given.map(({ type }) => type),
    ['INJECT'],
  );
  await run.stop();
});

test('an agent that is ended on purpose in the middle of its work is halted, and a RESUME starts it again', async () => {
  const { run, agents, give, session } = await startRun();
  agents[0]?.sink.event('execution:started', { plan_id: 't', task: 'x', steps_total: null });
  agents[0]?.sink.phase('running', 'a turn');
  const [, resumed] = await Promise.all([
    run.stop(),
    // Given while it is being ended.
    Promise.resolve().then(() => give('RESUME')),
  ]);
  assert.equal(resumed.state, 'applied');
  assert.equal(agents.length, 2, 'a new process took it');
  await run.stop();
  assert.equal((await session()).agent?.pid, null);
});

test('nobody is told that an agent runs whose process was ended', async () => {
  const { run, agents, session } = await startRun();
  agents[0]?.sink.event('execution:started', { plan_id: 't', task: 'x', steps_total: null });
  agents[0]?.sink.phase('running', 'a turn');
  await run.stop();
  assert.equal((await session()).status, 'halted');
});

test('a rollback of an agent that cannot go back while it runs is a new process at that place', async () => {
  const { folder, run, agents, give, id } = await startRun();
  writeFileSync(join(folder, 'a.txt'), 'one');
  const agent = agents[0];
  assert.ok(agent);
  agent.position = 'entry-1';
  await agent.sink.beforeTurn();
  writeFileSync(join(folder, 'a.txt'), 'two');
  const [checkpoint] = await rig.sessions.checkpoints.list(id);
  assert.deepEqual(checkpoint?.restores, { files: true, conversation: true });
  const back = await give('ROLLBACK', { checkpoint_id: checkpoint?.checkpoint_id });
  assert.equal(back.state, 'applied', JSON.stringify(back));
  assert.equal(back.evidence['last_entry'], 'entry-1');
  assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'one');
  assert.equal(run.alive(), false);
  await give('REDIRECT', { message: 'and now?' });
  const { conversation, memo } = agents[1]?.start ?? {};
  assert.deepEqual([conversation, memo], ['conversation', { resume_at: 'entry-1' }]);
  await run.stop();
});

test('a rollback that did not bring every file back has failed, and what was there before it can be gone back to', async () => {
  const { folder, root, run, agents, give, id } = await startRun();
  writeFileSync(join(folder, 'a.txt'), 'one');
  await agents[0]?.sink.beforeTurn();
  writeFileSync(join(folder, 'a.txt'), 'two');
  const [checkpoint] = await rig.sessions.checkpoints.list(id);
  // The disk has lost what was kept of it.
  const kept = join(root, readdirSync(root)[0] ?? '');
  const blob = createHash('sha1').update('blob 3\0one').digest('hex');
  rmSync(join(kept, 'objects', blob.slice(0, 2), blob.slice(2)));
  const back = await give('ROLLBACK', { checkpoint_id: checkpoint?.checkpoint_id });
  assert.equal(back.state, 'failed', JSON.stringify(back));
  const [safety] = await rig.sessions.checkpoints.list(id);
  assert.equal(safety?.kind, 'safety');
  assert.ok(JSON.stringify(back).includes(safety.checkpoint_id), JSON.stringify(back));
  const again = await give('ROLLBACK', { checkpoint_id: safety.checkpoint_id });
  assert.equal(again.state, 'applied', JSON.stringify(again));
  assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'two');
  await run.stop();
});

test('of a session that is gone no checkpoint stays, and those of others do, also when the folder is gone too', async () => {
  const first = await startRun();
  const other = await startRun();
  const place = (id: string) => ({
    sessionId: id,
    folder: first.folder,
    conversation: null,
    position: null,
    rewinds: false,
  });
  await first.checkpointing.take(place(first.id), 'mine', 'manual');
  await first.checkpointing.take(place(other.id), 'theirs', 'manual');
  await rig.sessions.remove(first.id, 'test');
  await first.checkpointing.sweep(first.folder);
  const kept = createSnapshots({
    root: first.root,
    path: process.env['PATH'] ?? '',
    limits: () => ({ maxFileBytes: 1, maxTotalBytes: 1, maxFiles: 1 }),
  });
  const theirs = (await rig.sessions.checkpoints.list(other.id)).map(({ checkpoint_id }) => checkpoint_id);
  assert.deepEqual(await kept.names(first.folder), theirs);
  rmSync(first.folder, { recursive: true });
  await rig.sessions.remove(other.id, 'test');
  await first.checkpointing.sweep(first.folder);
  assert.deepEqual(readdirSync(first.root), []);
  await Promise.all([first.run.stop(), other.run.stop()]);
});

test('a HALT that comes while its process is being started is not forgotten: the words that started it do not reach it', async () => {
  const { run, agents, give, holdUp } = await startRun();
  await run.stop();
  const begin = holdUp();
  const redirect = give('REDIRECT', { message: 'go on' });
  const halt = give('HALT');
  begin();
  const outcome = await redirect;
  assert.equal(outcome.state === 'failed' && outcome.code, 'halted');
  assert.equal((await halt).state, 'applied');
  assert.deepEqual(
    agents[1]?.given.map(({ type }) => type),
    ['HALT'],
  );
  await run.stop();
});

test('the tokens of a session are those of all its processes', async () => {
  const { run, agents, give, session } = await startRun();
  const uses = async (place: number, inputTokens: number, outputTokens: number) => {
    const more = { cachedInputTokens: 1, reasoningTokens: 0, contextWindow: null, costMicrousd: null };
    agents[place]?.sink.usage({ inputTokens, outputTokens, ...more });
    const { tokens } = await until('it is counted', async () => {
      const now = await session();
      return now.tokens.output >= outputTokens ? now : null;
    });
    return tokens;
  };
  assert.deepEqual(await uses(0, 100, 10), { input: 100, cached: 1, output: 10 });
  assert.deepEqual(await uses(0, 150, 20), { input: 150, cached: 1, output: 20 });
  await run.stop();
  await give('RESUME');
  assert.deepEqual(await uses(1, 30, 21), { input: 180, cached: 2, output: 41 });
  await run.stop();
});

test('a HALT of an agent whose process is gone ends what that left behind, and counts then', async () => {
  const { id, run, give } = await startRun();
  await run.stop();
  const started = spawnSync('sh', ['-c', 'setsid sleep 300 >/dev/null 2>&1 & echo $!'], {
    env: { ...process.env, [sessionMark]: id },
    encoding: 'utf8',
  });
  const left = identify(Number(started.stdout));
  assert.ok(left);
  const halt = await give('HALT');
  assert.equal(halt.state, 'applied', JSON.stringify(halt));
  assert.equal(isAlive(left), false);
  assert.deepEqual([halt.evidence['child_tree_gone'], halt.evidence['processes_seen']], [true, 1]);
});

test('an agent that is ended while its process is being started does not live on', async () => {
  const { run, give, holdUp } = await startRun();
  await run.stop();
  const begin = holdUp();
  const redirect = give('REDIRECT', { message: 'go on' });
  const stopped = run.stop();
  begin();
  await Promise.all([redirect, stopped]);
  assert.deepEqual([run.alive(), run.occupied()], [false, false]);
});

test('when control goes, a process that is being started is noted, and nobody waits for a command under way', async () => {
  const { id, run, give, holdUp } = await startRun();
  await run.stop();
  const begin = holdUp({
    identity: { pid: 4711, startTime: 'then' },
    deliver: () => Promise.withResolvers<never>().promise,
  });
  const redirect = give('REDIRECT', { message: 'go on' });
  const gone = run.letGo();
  begin();
  await assert.rejects(redirect, ControlLeaves);
  await gone;
  const noted = JSON.parse(readFileSync(join(home, 'runs', `${id}.json`), 'utf8')) as { pid: number };
  assert.equal(noted.pid, 4711);
});

test('what is told of a process that died comes before what its successor says', async () => {
  const revoked = Promise.withResolvers<void>();
  let tokens = 0;
  const { run, agents, give, session } = await startRun({
    admit: async () => ({ origin: 'http://127.0.0.1', token: 't'.repeat(20), deviceId: `d${(tokens += 1)}` }),
    dismiss: () => revoked.promise,
  });
  agents[0]?.sink.event('execution:started', { plan_id: 't', task: 'x', steps_total: null });
  agents[0]?.sink.phase('running', 'a turn');
  agents[0]?.end({ lastWords: 'out of memory' });
  await until('it is gone', () => !run.alive() || null);
  const redirect = give('REDIRECT', { message: 'go on' });
  revoked.resolve();
  await redirect;
  agents[1]?.sink.event('execution:started', { plan_id: 'u', task: 'x', steps_total: null });
  agents[1]?.sink.phase('running', 'a turn');
  await run.letGo();
  const { status, phase } = await session();
  assert.deepEqual([status, phase, agents[1]?.start.conversation], ['running', 'running', 'conversation']);
});

test('what an agent says while the store is away is written when it is back', async () => {
  let away = true;
  const { run, agents, id } = await startRun({
    sessions: {
      ...rig.sessions,
      async append(...what: Parameters<typeof rig.sessions.append>) {
        if (away) {
          away = false;
          throw new FaultError(fault('unavailable', 'store_unavailable', 'The database is away.'));
        }
        return rig.sessions.append(...what);
      },
    },
  });
  agents[0]?.sink.event('execution:completed', { plan_id: 't' });
  await until('it is complete', async () => (await rig.sessions.get(id))?.status === 'completed' || null);
  await run.stop();
});
