import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { identify, type ProcessIdentity } from '../../../../platform/process/index.ts';
import type { AgentCommand } from '../agent-adapter.ts';
import type { Offspring, ReapReport } from '../child/offspring.ts';
import type { ToldProcess } from '../child/told-processes.ts';
import { watchSink } from '../testing/watch-sink.ts';
import { instructionOf } from './instruction.ts';
import type { TurnDriver } from './turn-driver.ts';
import { createTurnKeeper } from './turn-keeper.ts';

const clean: ReapReport = { gone: true, seen: 1, terminated: 0, killed: 0, left: [] };

/** A keeper over an agent that a test plays. */
function keeperWith(
  more: Partial<TurnDriver> = {},
  reap: ReapReport = clean,
  children: ProcessIdentity[] = [],
) {
  const sink = watchSink();
  const said: string[] = [];
  let turns = 0;
  let kills = 0;
  const driver: TurnDriver = {
    async start(text) {
      said.push(text);
      return { turn_id: `turn ${++turns}` };
    },
    steer: null,
    interrupt: async () => keeper.ended(keeper.turn() ?? '', 'interrupted', {}),
    clear: async () => ({}),
    rewind: null,
    ...more,
  };
  const offspring: Offspring = { settle() {}, now: () => children, reap: async () => reap };
  const kill = async () => ({ kills: ++kills });
  const keeper = createTurnKeeper({
    driver,
    sink,
    offspring,
    agent: { pid: 7, startTime: 's' },
    kill,
    endMs: 30,
  });
  const send = (type: AgentCommand['type'], args = {}) => keeper.deliver({ commandId: 'cmd', type, args });
  return { keeper, sink, said, send, kills: () => kills };
}

test('a HALT of an agent that does not end its turn fails, and with force its process ends', async () => {
  const { keeper, sink, send, kills } = keeperWith({ interrupt: async () => undefined });
  await keeper.first('go');
  const stuck = await send('HALT');
  assert.equal(stuck.state === 'failed' && stuck.code, 'turn_did_not_end');
  assert.equal(sink.phases.at(-1), 'running');
  const forced = await send('HALT', { force: true });
  assert.equal(forced.state, 'applied');
  assert.equal(forced.evidence['agent_ended'], true);
  assert.equal(kills(), 1);
});

test('a HALT is not applied while a process of the turn still runs', async () => {
  const { keeper, sink, send } = keeperWith({}, { ...clean, gone: false, left: [4711] });
  await keeper.first('go');
  const outcome = await send('HALT');
  assert.equal(outcome.state === 'failed' && outcome.code, 'processes_left');
  assert.deepEqual(outcome.evidence['processes_left'], [4711]);
  assert.ok(!sink.phases.includes('halted'));
});

test('a HALT tells which processes it ended: since when they ran and what they were, without secrets', async () => {
  const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
  // Without `--`, node takes the token for an option of its own and ends at once.
  const script = ['-e', 'setInterval(() => {}, 1000)', '--', `--token=${secret}`];
  const child = spawn(process.execPath, script, { stdio: 'ignore' });
  try {
    const identity = identify(child.pid ?? 0);
    assert.ok(identity);
    const other = { pid: identity.pid, startTime: 'of another one' };
    const { keeper, send } = keeperWith({}, clean, [identity, other]);
    await keeper.first('go');
    const { evidence } = await send('HALT');
    const [first, second] = evidence['process_details'] as ToldProcess[];
    assert.deepEqual(evidence['processes'], [identity.pid, identity.pid]);
    assert.match(first?.command ?? '', /setInterval/);
    assert.match(first?.command ?? '', /--token=/);
    assert.ok(!first?.command.includes(secret));
    assert.ok(Math.abs(Date.parse(first?.started_at ?? '') - Date.now()) < 3_600_000);
    assert.deepEqual(second, { pid: identity.pid, started_at: null, command: '' });
  } finally {
    child.kill('SIGKILL');
  }
});

test('an agent that works on in a turn it reported as ended is shown as running again', async () => {
  const { keeper, sink, send } = keeperWith();
  await keeper.first('go');
  await send('HALT');
  assert.equal(sink.phases.at(-1), 'halted');
  keeper.heard('turn 1');
  assert.equal(sink.phases.at(-1), 'running');
  assert.deepEqual(sink.events.map(({ type, data }) => [type, data['turn_id']]).slice(-1), [
    ['execution:still_running', 'turn 1'],
  ]);
  assert.equal((await send('HALT')).state, 'applied');
});

test('a HALT that comes while a turn is being handed over waits for it and ends it', async () => {
  const { promise, resolve } = Promise.withResolvers<{ turn_id: string }>();
  const { keeper, send } = keeperWith({ start: () => promise });
  const first = keeper.first('go');
  const halted = send('HALT');
  resolve({ turn_id: 'late' });
  assert.equal((await first).state, 'applied');
  assert.equal((await halted).evidence['turn_id'], 'late');
  assert.equal(keeper.turn(), null);
});

test('a HALT ends what was being said into the turn that it ends: no turn begins after it', async () => {
  // Codex refuses words for a turn that has ended meanwhile.
  const { promise: answered, resolve: answer } = Promise.withResolvers<null>();
  const { keeper, said, send } = keeperWith({ steer: () => answered });
  await keeper.first('go');
  const redirect = send('REDIRECT', { message: 'left' });
  const halt = send('HALT');
  answer(null);
  const outcome = await redirect;
  assert.equal(outcome.state === 'failed' && outcome.code, 'halted');
  assert.equal((await halt).state, 'applied');
  assert.deepEqual([said, keeper.turn()], [['go'], null]);
  assert.equal((await send('REDIRECT', { message: 'right' })).state, 'applied');
});

test('a HALT while a turn is being ended for other words is the last word', async () => {
  const { keeper, sink, said, send } = keeperWith({ interrupt: async () => undefined });
  await keeper.first('go');
  const redirect = send('REDIRECT', { message: 'left' });
  const halt = send('HALT');
  keeper.ended('turn 1', 'interrupted', {});
  const outcome = await redirect;
  assert.equal(outcome.state === 'failed' && outcome.code, 'halted');
  assert.equal((await halt).state, 'applied');
  assert.deepEqual([said, sink.phases.at(-1)], [['go'], 'halted']);
});

test('a second HALT stops what waited for the end of the first', async () => {
  const { keeper, said, send } = keeperWith({ interrupt: async () => undefined });
  await keeper.first('go');
  const first = send('HALT');
  const redirect = send('REDIRECT', { message: 'left' });
  const second = send('HALT');
  keeper.ended('turn 1', 'interrupted', {});
  assert.deepEqual([(await first).state, (await second).state], ['applied', 'applied']);
  const outcome = await redirect;
  assert.equal(outcome.state === 'failed' && outcome.code, 'halted');
  assert.deepEqual(said, ['go']);
});

test('words for the end of a turn never wait longer than the turn', async () => {
  const inject = { skill_name: 'x', position: 'end' };
  const failing = keeperWith();
  await failing.keeper.first('go');
  const after = failing.send('INJECT', inject);
  failing.keeper.ended('turn 1', 'failed', {});
  assert.equal((await after).evidence['turn_id'], 'turn 2');

  const halted = keeperWith({ interrupt: async () => undefined });
  await halted.keeper.first('go');
  const dropped = halted.send('INJECT', inject);
  const halt = halted.send('HALT');
  // It was complete before it could be interrupted.
  halted.keeper.ended('turn 1', 'completed', {});
  assert.equal((await halt).state, 'applied');
  const outcome = await dropped;
  assert.equal(outcome.state === 'failed' && outcome.code, 'halted');
  assert.deepEqual(halted.said, ['go']);

  const broken = keeperWith();
  await broken.keeper.first('go');
  const lost = broken.send('INJECT', inject);
  broken.keeper.ended('turn 1', 'interrupted', {});
  const told = await lost;
  assert.equal(told.state === 'failed' && told.code, 'turn_interrupted');
});

test('of an agent that has ended no turn begins any more', async () => {
  const { promise, resolve } = Promise.withResolvers<{ turn_id: string }>();
  const { keeper, sink } = keeperWith({ start: () => promise });
  const first = keeper.first('go');
  keeper.close('It has ended.');
  resolve({ turn_id: 'late' });
  await first;
  assert.deepEqual([keeper.turn(), sink.phases], [null, []]);
});

test('an agent that cannot be steered is interrupted and told anew', async () => {
  const { keeper, said, send } = keeperWith();
  await keeper.first('go');
  const outcome = await send('REDIRECT', { target_skill: 'tests', target_path: 'src' });
  assert.equal(outcome.evidence['turn_id'], 'turn 2');
  assert.deepEqual(said, ['go', 'Change course: go on with the skill "tests".\nWork in src from here on.']);
  assert.equal(keeper.turn(), 'turn 2');
});

test('what waits for the end of a turn is told that it never comes', async () => {
  const { keeper, send } = keeperWith();
  await keeper.first('go');
  const waiting = send('INJECT', { skill_name: 'x', position: 'end' });
  keeper.close('Codex has ended.');
  const outcome = await waiting;
  assert.equal(outcome.state === 'failed' && outcome.code, 'agent_gone');
  const rollback = await keeperWith().send('ROLLBACK');
  assert.equal(rollback.state === 'failed' && rollback.code, 'not_offered');
});

test('a command becomes words: the person’s own first, then what the session contract names', () => {
  assert.equal(instructionOf({ type: 'RESUME', args: {} }), 'Go on where you stopped.');
  assert.equal(instructionOf({ type: 'RESUME', args: { prompt: 'Try again.' } }), 'Try again.');
  assert.equal(
    instructionOf({ type: 'INJECT', args: { skill_name: 'lint', parameters: { fix: true } } }),
    'Also use the skill "lint" with these parameters: {"fix":true}.',
  );
});
