import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandInput, CommandResult, SessionEvent } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { handClock, identityOf, maker, openRig, type RigOptions } from './testing/rig.ts';

const operator = identityOf(['operate'], { deviceId: 'op' });
const rival = identityOf(['operate'], { deviceId: 'rival' });
const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);

forEachStore('commands of a session', (openStore) => {
  const open = async (options: RigOptions = {}) => {
    const rig = await openRig(openStore, options);
    const { sessions } = rig;
    await sessions.create({ session_id: 's' }, maker);
    const give = (input: CommandInput, who = operator): Promise<CommandResult> =>
      sessions.command(who, { session_id: 's', ...input });
    const lease = (holder = 'h', idempotent: ('HALT' | 'INJECT')[] = [], steal = false) =>
      sessions.lease('s', { holder, deviceId: holder, idempotent, steal });
    const typesAfter = async (seq: number): Promise<string[]> =>
      (await sessions.read('s', { afterSeq: seq, limit: 500 })).events.map(({ type, data }) =>
        type === 'command:update' ? `${String(data['command_type'])} ${String(data['state'])}` : type,
      );
    return { ...rig, give, lease, typesAfter };
  };

  it('reach the one who carries them out, and only the session they name: HALT in A leaves B alone (a, b)', async () => {
    const { sessions, give, lease, typesAfter, stop } = await open();
    await sessions.create({ session_id: 'other' }, maker);
    await sessions.append('s', [{ type: 'execution:started', data: { task: 't' } }], {
      actor: 'a',
      producer: 'a',
    });
    await sessions.append('other', [{ type: 'execution:started' }], { actor: 'a', producer: 'a' });
    const { epoch } = await lease();
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    const result = await give({ type: 'HALT', reason: 'Look at this' });
    assert.equal(result.success, true);
    assert.equal(result.message, 'Execution halted successfully');
    assert.equal(result.command_type, 'HALT');
    assert.equal(result.state, 'queued');
    assert.equal((await sessions.get('s'))?.phase, 'halting');
    assert.equal((await sessions.get('s'))?.status, 'running', 'asked for is not done');
    const [command] = await sessions.nextCommands('s', epoch, 0);
    assert.deepEqual(command?.args, { reason: 'Look at this' });
    assert.equal((await sessions.get('s'))?.status, 'running', 'delivered is not done');
    const settle = { sessionId: 's', commandId: command.command_id, epoch, note: '' } as const;
    await assert.rejects(sessions.settleCommand({ ...settle, state: 'applied', evidence: {} }), /evidence/);
    await sessions.settleCommand({ ...settle, state: 'applied', evidence: { children_left: 0 } });
    assert.deepEqual(await typesAfter(head), [
      'HALT queued',
      'execution:halting',
      'HALT delivered',
      'HALT applied',
      'execution:halted',
    ]);
    assert.equal((await sessions.get('s'))?.status, 'halted');
    assert.equal((await sessions.get('other'))?.status, 'running');
    await stop();
  });

  it('are taken in any case, and refused with the texts clients know (e)', async () => {
    const { give, sessions, stop } = await open();
    assert.equal((await give({ type: 'halt' })).success, true);
    assert.equal((await give({ type: 'Resume' })).success, true);
    const error = async (input: CommandInput) => (await give(input)).error;
    assert.equal(await error({ type: '' }), 'Command type is required');
    assert.equal(await error({ type: undefined }), 'Command type is required');
    assert.equal(await error({ type: 'EXPLODE' }), 'Unknown command type: EXPLODE');
    assert.equal(await error({ type: 'RESUME' }), 'Cannot resume - execution is running');
    assert.equal(await error({ type: 'REDIRECT' }), 'target_skill or target_path is required');
    assert.equal(await error({ type: 'DECISION', decision_id: 'd' }), 'decision_id and choice are required');
    assert.equal(await error({ type: 'INJECT' }), 'skill_name is required');
    const without = await sessions.command(operator, { type: 'ROLLBACK' });
    assert.equal(without.error, 'session_id is required for rollback');
    assert.equal(without.command_type, 'ROLLBACK');
    const missing = await sessions.command(operator, { type: '' });
    assert.equal('command_type' in missing, false);
    const rollback = await give({ type: 'ROLLBACK' });
    assert.deepEqual([rollback.message, rollback['steps']], ['Rollback 1 steps initiated', 1]);
    const redirect = await give({ type: 'REDIRECT', target_path: '/a' });
    assert.deepEqual([redirect.message, redirect['target']], ['Redirect initiated', '/a']);
    const inject = await give({ type: 'INJECT', skill_name: 'lint' });
    assert.deepEqual(
      [inject.message, inject['skill_name'], inject['position']],
      ['Skill lint injected', 'lint', 'next'],
    );
    await stop();
  });

  it('whose answer was lost are given again to whoever says which it has', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    await give({ type: 'INJECT', skill_name: 'lint', command_id: 'c1' });
    const ids = async (...having: string[]) =>
      (await sessions.nextCommands('s', epoch, 0, undefined, new Set(having))).map(
        ({ command_id }) => command_id,
      );
    assert.deepEqual(await ids(), ['c1']);
    assert.deepEqual(await ids(), ['c1'], 'the answer with it never arrived');
    assert.deepEqual(await ids('c1'), [], 'now it has it');
    assert.deepEqual(await sessions.nextCommands('s', epoch, 0), [], 'and nobody gets it twice unasked');
    const settled = { sessionId: 's', commandId: 'c1', epoch, note: '', evidence: { n: 1 } };
    await sessions.settleCommand({ ...settled, state: 'applied' });
    assert.deepEqual(await ids(), []);
    await stop();
  });

  it('with the same id give the same result and are carried out once, also from somebody who was cut off', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    const input = { type: 'INJECT', skill_name: 'lint', command_id: 'c1' };
    const first = await give(input);
    const second = await give(input);
    assert.deepEqual({ ...second, timestamp: '' }, { ...first, timestamp: '' });
    const commands = await sessions.nextCommands('s', epoch, 0);
    assert.deepEqual(
      commands.map(({ command_id }) => command_id),
      ['c1'],
    );
    assert.equal((await give(input)).state, 'delivered');
    assert.deepEqual(await sessions.nextCommands('s', epoch, 0), []);
    const other = await give({ ...input, skill_name: 'format' });
    assert.equal(other.code, 'command_id_conflict');
    await stop();
  });

  it('a second HALT gets the result of the first at once, while it runs and after it (codex#36926)', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    const first = await give({ type: 'HALT' });
    const second = await give({ type: 'HALT', command_id: 'again' }, rival);
    assert.deepEqual({ ...second, timestamp: '' }, { ...first, timestamp: '' });
    const [halt] = await sessions.nextCommands('s', epoch, 0);
    await sessions.settleCommand({
      sessionId: 's',
      commandId: halt?.command_id ?? '',
      epoch,
      state: 'applied',
      note: '',
      evidence: { turn: 'interrupted' },
    });
    const third = await give({ type: 'HALT' });
    assert.deepEqual([third.success, third.state], [true, 'applied']);
    assert.deepEqual(await sessions.nextCommands('s', epoch, 0), []);
    await stop();
  });

  it('HALT overtakes what waits, and one command after the other is given out otherwise', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    await give({ type: 'INJECT', skill_name: 'one' });
    await give({ type: 'INJECT', skill_name: 'two' });
    const first = await sessions.nextCommands('s', epoch, 0);
    assert.deepEqual(
      first.map(({ args }) => args['skill_name']),
      ['one'],
    );
    await give({ type: 'HALT' });
    const next = await sessions.nextCommands('s', epoch, 0);
    assert.deepEqual(
      next.map(({ type }) => type),
      ['HALT'],
    );
    await stop();
  });

  it('the next one is given to who waits for it when the one before is settled, not when the wait is over', async () => {
    // Goes twice as fast as the timers, so that whoever is not woken finds the wait over, and gets nothing.
    const { sessions, give, lease, stop } = await open({
      clock: { ...systemClock, monotonic: () => systemClock.monotonic() * 2 },
    });
    const { epoch } = await lease();
    const ids = [];
    for (const skill_name of ['one', 'two'])
      ids.push((await give({ type: 'INJECT', skill_name })).command_id);
    const [one] = await sessions.nextCommands('s', epoch, 0);
    const waited = sessions.nextCommands('s', epoch, 5_000);
    await sessions.nextCommands('s', epoch, 0);
    const settled = { sessionId: 's', commandId: one?.command_id ?? '', epoch, note: '', evidence: {} };
    await sessions.settleCommand({ ...settled, state: 'applied' });
    assert.deepEqual(
      (await waited).map(({ command_id: id }) => id),
      [ids[1]],
    );
    await stop();
  });

  it('RESUME takes back a HALT that reached nobody', async () => {
    const { sessions, give, typesAfter, stop } = await open();
    const halt = await give({ type: 'HALT' });
    assert.match(String(halt['note']), /Nobody is attached/);
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    const resume = await give({ type: 'RESUME' });
    assert.equal(resume.state, 'applied');
    assert.deepEqual(await typesAfter(head), [
      'HALT superseded',
      'RESUME queued',
      'RESUME applied',
      'execution:resumed',
    ]);
    await stop();
  });

  it('what heals an agent neither takes back nor resumes what a person halted; its own HALT it may', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    const heal = async (type: 'HALT' | 'RESUME', id: string) =>
      (await sessions.commandByVigiles('s', type, {}, 'watchdog', id)).result;
    const settleAll = async () => {
      const given = await sessions.nextCommands('s', epoch, 0);
      const how = { sessionId: 's', epoch, state: 'applied', note: '', evidence: { turn: 'none' } } as const;
      for (const { command_id: commandId } of given) await sessions.settleCommand({ ...how, commandId });
      return given.map(({ actor }) => actor);
    };
    await give({ type: 'HALT' });
    assert.equal((await heal('RESUME', 'w1')).code, 'halted_by_other');
    assert.deepEqual(await settleAll(), ['device:op']);
    assert.equal((await heal('RESUME', 'w2')).code, 'halted_by_other');
    await give({ type: 'RESUME' });
    await settleAll();

    await heal('HALT', 'w3');
    await settleAll();
    assert.equal((await heal('RESUME', 'w4')).success, true);
    await settleAll();

    await heal('HALT', 'w5');
    const own = await give({ type: 'HALT' });
    assert.notEqual(own.command_id, 'w5', 'a word of its own');
    assert.deepEqual(await settleAll(), ['watchdog', 'device:op']);
    assert.equal((await heal('RESUME', 'w6')).code, 'halted_by_other');
    await stop();
  });

  it('a RESUME whose work was over before its holder said so leaves the session ended; one that follows an end does not', async () => {
    const { sessions, give, lease, typesAfter, stop } = await open();
    const agent = { actor: 'a', producer: 'a', trusted: true };
    const tell = (type: string) => sessions.append('s', [{ type, data: {} }], agent);
    const { epoch } = await lease();
    const taken = async () => (await sessions.nextCommands('s', epoch, 0))[0]?.command_id ?? '';
    const applied = (commandId: string) =>
      sessions.settleCommand({
        sessionId: 's',
        commandId,
        epoch,
        state: 'applied',
        note: '',
        evidence: { turn: 't' },
      });
    await tell('execution:halted');
    await give({ type: 'RESUME' });
    const first = await taken();
    for (const type of ['execution:started', 'execution:completed']) await tell(type);
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    assert.equal((await applied(first)).state, 'applied');
    const ended = await sessions.get('s');
    assert.deepEqual([ended?.status, ended?.phase], ['completed', 'completed']);
    assert.deepEqual(await typesAfter(head), ['RESUME applied']);

    await tell('execution:failed');
    await sessions.append('s', [{ type: 'session:phase', data: { phase: 'disconnected' } }], agent);
    await give({ type: 'RESUME' });
    await applied(await taken());
    const again = await sessions.get('s');
    assert.deepEqual([again?.status, again?.phase], ['running', 'running']);
    await stop();
  });

  it('of two operators who saw the same the slower is told who was faster', async () => {
    const { sessions, give, stop } = await open();
    const seen = (await sessions.get('s'))?.head_seq ?? 0;
    const won = await give({ type: 'REDIRECT', target_skill: 'a', expected_seq: seen });
    const lost = await give({ type: 'REDIRECT', target_skill: 'b', expected_seq: seen }, rival);
    assert.equal(won.success, true);
    assert.deepEqual([lost.success, lost.code, lost.state], [false, 'expected_seq_conflict', 'rejected']);
    assert.match(String(lost.error), /^device:op was faster: REDIRECT/);
    await stop();
  });

  it('that nobody takes expire, and the session is again what it was', async () => {
    const clock = handClock();
    const { sessions, give, stop } = await open({ clock });
    await sessions.append('s', [{ type: 'execution:started' }], { actor: 'a', producer: 'a' });
    const { command_id = '' } = await give({ type: 'HALT', ttl_s: 5 });
    clock.pass(6_000);
    await sessions.sweep();
    assert.equal((await sessions.commandById('s', command_id))?.state, 'expired');
    assert.equal((await sessions.get('s'))?.phase, 'running');
    await stop();
  });

  it('of a holder that went away are given out again where that is safe; the others have an unknown outcome', async () => {
    const { sessions, give, lease, stop } = await open();
    const first = await lease('one', ['HALT']);
    const inject = await give({ type: 'INJECT', skill_name: 'once' });
    await sessions.nextCommands('s', first.epoch, 0);
    const halt = await give({ type: 'HALT' });
    await sessions.nextCommands('s', first.epoch, 0);
    await assert.rejects(lease('two'), (thrown) => codeOf(thrown) === 'lease_held');
    const second = await lease('two', [], true);
    assert.equal(second.epoch, first.epoch + 1);
    const failed = await sessions.commandById('s', inject.command_id ?? '');
    assert.deepEqual([failed?.state, failed?.note.slice(0, 15)], ['failed', 'Unknown outcome']);
    const again = await sessions.nextCommands('s', second.epoch, 0);
    assert.deepEqual(
      again.map(({ command_id }) => command_id),
      [halt.command_id],
    );
    const late = {
      sessionId: 's',
      commandId: halt.command_id ?? '',
      epoch: first.epoch,
      state: 'applied',
      note: '',
      evidence: { x: 1 },
    } as const;
    await assert.rejects(sessions.settleCommand(late), (thrown) => codeOf(thrown) === 'stale_epoch');
    await assert.rejects(
      sessions.nextCommands('s', first.epoch, 0),
      (thrown) => codeOf(thrown) === 'stale_epoch',
    );
    await stop();
  });

  it('an agent that works on after it was halted is seen to run (codex#38972)', async () => {
    const { sessions, typesAfter, stop } = await open();
    const by = { actor: 'a', producer: 'a' };
    await sessions.append('s', [{ type: 'execution:started' }, { type: 'execution:halted' }], by);
    assert.equal((await sessions.get('s'))?.status, 'halted');
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    await sessions.append('s', [{ type: 'skill:started', data: { skill_name: 'rm' } }], by);
    assert.equal((await sessions.get('s'))?.status, 'running');
    assert.deepEqual(await typesAfter(head), ['skill:started', 'execution:still_running']);
    await stop();
  });

  it('the orchestrator’s own word that it halted settles the HALT, with that event as evidence', async () => {
    const { sessions, give, lease, stop } = await open();
    const { epoch } = await lease();
    const { command_id = '' } = await give({ type: 'HALT' });
    await sessions.nextCommands('s', epoch, 0);
    await sessions.append('s', [{ type: 'execution:halted', data: { reason: 'ok' } }], {
      actor: 'a',
      producer: 'a',
    });
    const command = await sessions.commandById('s', command_id);
    assert.equal(command?.state, 'applied');
    assert.equal(command.evidence?.['type'], 'execution:halted');
    await stop();
  });

  it('go to the adapter that control holds, and what it did is the evidence', async () => {
    const { sessions, give, stop } = await open();
    const seen: SessionEvent[] = [];
    sessions.subscribe('s', (event) => seen.push(event));
    await sessions.hold('s', {
      deliver: async ({ type }) =>
        type === 'HALT'
          ? { state: 'applied', evidence: { tree: 'gone' } }
          : { state: 'failed', code: 'no', message: 'It cannot', evidence: {} },
      answer: () => true,
    });
    await give({ type: 'HALT' });
    await until('it is halted', () => seen.some(({ type }) => type === 'execution:halted'));
    await give({ type: 'INJECT', skill_name: 'x', command_id: 'i' });
    await until('it failed', async () => (await sessions.commandById('s', 'i'))?.state === 'failed');
    assert.equal((await sessions.commandById('s', 'i'))?.note, 'It cannot');
    await stop();
  });
});

describe('commands from those who may not give them', () => {
  forEachStore('a session', (openStore) => {
    it('are refused for want of the scope, and for sessions that are not theirs as if there were none', async () => {
      const { sessions, stop } = await openRig(openStore);
      await sessions.create({ session_id: 's' }, maker);
      const to = { type: 'HALT', session_id: 's' };
      const code = async (...who: Parameters<typeof identityOf>) =>
        (await sessions.command(identityOf(...who), to)).code;
      assert.equal(await code(['sessions:read']), 'scope_missing');
      assert.equal(await code(['sessions:produce']), 'scope_missing');
      assert.equal(await code(['sessions:command'], { tenant: 'other' }), 'session_not_found');
      assert.equal(await code(['sessions:command']), undefined);
      await stop();
    });
  });
});
