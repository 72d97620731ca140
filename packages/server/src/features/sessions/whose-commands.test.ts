import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { CommandInput, CommandResult } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import { forEachStore } from '../../testing/stores.ts';
import { portOf } from './socket/port-of.ts';
import { handClock, identityOf, maker, openRig, type RigOptions } from './testing/rig.ts';

const operator = identityOf(['operate'], { deviceId: 'op' });
const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);

forEachStore('commands of a session, with and without its holder,', (openStore) => {
  const open = async (options: RigOptions = {}) => {
    const rig = await openRig(openStore, options);
    const { sessions } = rig;
    await sessions.create({ session_id: 's' }, maker);
    const give = (input: CommandInput): Promise<CommandResult> =>
      sessions.command(operator, { session_id: 's', ...input });
    const lease = () => sessions.lease('s', { holder: 'h', deviceId: 'h', idempotent: [], steal: false });
    return { ...rig, give, lease };
  };

  it('that nobody takes while its holder is gone, or that are taken back, bring no session back that nobody holds', async () => {
    const clock = handClock();
    const { sessions, give, lease, stop } = await open({ clock });
    await sessions.append('s', [{ type: 'execution:started' }], { actor: 'a', producer: 'a' });
    const { epoch } = await lease();
    await sessions.releaseLease('s', epoch);
    const phase = async () => (await sessions.get('s'))?.phase;
    assert.equal(await phase(), 'disconnected');
    for (const type of ['HALT', 'RESUME']) {
      await give({ type, ttl_s: 5 });
      clock.pass(6_000);
      await sessions.sweep();
      assert.equal(await phase(), 'disconnected', type);
    }
    await give({ type: 'HALT' });
    assert.equal((await give({ type: 'RESUME' })).state, 'applied');
    assert.equal(await phase(), 'disconnected');
    await lease();
    assert.equal(await phase(), 'running');
    await stop();
  });

  it('are settled by nobody’s word but their holder’s: another device cannot say that it stands still', async () => {
    const { sessions, give, lease, stop } = await open();
    const says = (deviceId: string, type: string) =>
      sessions.append('s', [{ type }], { actor: `device:${deviceId}`, producer: deviceId });
    await says('other', 'execution:halted');
    await says('other', 'execution:resumed');
    const { epoch } = await lease();
    const { command_id = '' } = await give({ type: 'HALT' });
    await sessions.nextCommands('s', epoch, 0);
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    for (const type of ['halted', 'resumed', 'completed', 'failed'])
      await assert.rejects(
        says('other', `execution:${type}`),
        (thrown) => codeOf(thrown) === 'held_by_other',
        type,
      );
    assert.equal((await sessions.get('s'))?.head_seq, head);
    assert.equal((await sessions.commandById('s', command_id))?.state, 'delivered');
    assert.equal((await sessions.get('s'))?.status, 'running');
    await says('h', 'execution:halted');
    assert.equal((await sessions.commandById('s', command_id))?.state, 'applied');
    await stop();
  });

  it('how an execution stands is said by its holder alone; what else happened may be said by every producer', async () => {
    const { sessions, lease, stop } = await open();
    const told = ['started', 'progress', 'halting', 'still_running', 'rollback_started', 'resumed'];
    const by = (deviceId: string) => ({ actor: `device:${deviceId}`, producer: deviceId });
    const stored = { type: 'execution:started', local_id: 'before' };
    await sessions.append('s', [stored], by('other'));
    await lease();
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    for (const each of told)
      await assert.rejects(
        sessions.append('s', [{ type: 'skill:progress' }, { type: `execution:${each}` }], by('other')),
        (thrown) => codeOf(thrown) === 'held_by_other',
        each,
      );
    const again = await sessions.append('s', [stored], by('other'));
    assert.equal(
      again.events[0]?.duplicate,
      true,
      'what stands in the log already is answered with its place',
    );
    assert.equal((await sessions.get('s'))?.head_seq, head, 'a batch is stored whole or not at all');

    const port = portOf(sessions);
    const producer = identityOf(['sessions:produce'], { deviceId: 'maker' });
    const each = await port.append(producer, 's', [
      { type: 'file:modified' },
      ...told.map((type) => ({ type: `execution:${type}` })),
      { type: 'skill:progress' },
    ]);
    assert.deepEqual(
      each.map((one) => (one.ok ? 'stored' : one.fault.code)),
      ['stored', ...told.map(() => 'held_by_other'), 'stored'],
    );
    await assert.rejects(
      port.sample(producer, 's', { type: 'execution:progress', data: { percent: 1 } }),
      (thrown) => codeOf(thrown) === 'held_by_other',
    );
    for (const type of told) await sessions.append('s', [{ type: `execution:${type}` }], by('h'));
    await port.sample(identityOf(['sessions:produce', 'read'], { deviceId: 'h' }), 's', {
      type: 'execution:progress',
      data: { percent: 1 },
    });
    await stop();
  });
});
