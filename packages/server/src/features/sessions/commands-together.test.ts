import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { CommandInput } from '@vigiles/contract';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { identityOf, maker, openRig, type RigOptions } from './testing/rig.ts';

const operator = identityOf(['operate'], { deviceId: 'op' });

forEachStore('commands that come together', (openStore, newPlace, dialect) => {
  const open = async (options: RigOptions = {}) => {
    const rig = await openRig(openStore, options);
    const { sessions } = rig;
    await sessions.create({ session_id: 's' }, maker);
    const give = (input: CommandInput) => sessions.command(operator, { session_id: 's', ...input });
    return { ...rig, give };
  };

  it('a HALT after what was given meanwhile is one of its own: the last word counts', async () => {
    const { sessions, give, stop } = await open();
    const { epoch } = await sessions.lease('s', { holder: 'h', deviceId: 'h', idempotent: [], steal: false });
    const first = await give({ type: 'HALT' });
    await sessions.nextCommands('s', epoch, 0);
    assert.equal((await give({ type: 'HALT' })).command_id, first.command_id);
    const resume = await give({ type: 'RESUME' });
    const second = await give({ type: 'HALT' });
    assert.notEqual(second.command_id, first.command_id);
    assert.equal((await sessions.commandById('s', String(resume.command_id)))?.state, 'superseded');
    await stop();
  });

  if (dialect === 'postgres')
    it('that another control took are given out by the one that holds the agent', async () => {
      const place = await newPlace();
      const here = await open({ place });
      const there = await openRig(openStore, { place });
      const given: string[] = [];
      await here.sessions.hold('s', {
        async deliver({ type }) {
          given.push(type);
          return { state: 'applied', evidence: { a: 1 } };
        },
        answer: () => true,
      });
      const { command_id: id } = await there.sessions.command(operator, { type: 'HALT', session_id: 's' });
      await until('it is halted', async () => {
        return (await there.sessions.commandById('s', String(id)))?.state === 'applied';
      });
      assert.deepEqual(given, ['HALT']);
      await Promise.all([here.stop(), there.stop()]);
    });
});
