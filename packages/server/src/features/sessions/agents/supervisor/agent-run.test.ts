import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentsConfig, type Session } from '@vigiles/contract';
import { newId } from '../../../../kernel/ids.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createStore } from '../../../../platform/store/create-store.ts';
import type { Store } from '../../../../platform/store/index.ts';
import { createSnapshots } from '../../snapshots/snapshots.ts';
import { handClock, maker, openRig } from '../../testing/rig.ts';
import type { AgentCommand } from '../agent-adapter.ts';
import { playedAdapter } from '../testing/played-adapter.ts';
import { createAgentRun } from './agent-run.ts';
import { createCheckpointing } from './checkpointing.ts';
import { restIdle } from './rest-idle.ts';
import { createRunBook } from './run-record.ts';

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

async function startRun() {
  const { sessions } = rig;
  const { session_id: id } = await sessions.create({}, maker);
  const folder = join(home, id);
  mkdirSync(folder);
  const { adapter, agents } = playedAdapter();
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
  return { id, folder, root, run, agents, give, session, rest, checkpointing };
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
