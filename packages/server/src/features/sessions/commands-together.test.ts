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

  it('with somebody who waits are accepted and delivered at once, and nothing is given twice', async () => {
    const { sessions, give, stop } = await open();
    const { epoch } = await sessions.lease('s', { holder: 'h', deviceId: 'h', idempotent: [], steal: false });
    const poll = (waitMs: number, ...having: string[]) =>
      sessions.nextCommands('s', epoch, waitMs, undefined, new Set(having));
    const waiting = poll(60_000);
    // Looks after the other one has: that waits now.
    assert.deepEqual(await poll(0), []);
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    const result = await give({ type: 'INJECT', skill_name: 'one' });
    assert.deepEqual([result.success, result.state, result['holder']], [true, 'delivered', 'h']);
    const [one] = await waiting;
    assert.deepEqual([one?.command_id, one?.state, one?.epoch], [result.command_id, 'delivered', epoch]);
    const { events } = await sessions.read('s', { afterSeq: head, limit: 10 });
    assert.deepEqual(
      events.map(({ seq, data }) => [seq, data['state'], data['by']]),
      [
        [head + 1, 'queued', 'device:op'],
        [head + 2, 'delivered', 'h'],
      ],
    );
    const next = poll(60_000, one?.command_id ?? '');
    assert.deepEqual(await poll(0, one?.command_id ?? ''), []);
    assert.equal((await give({ type: 'INJECT', skill_name: 'two' })).state, 'queued', 'one after the other');
    await give({ type: 'HALT' });
    assert.deepEqual(
      (await next).map(({ type }) => type),
      ['HALT'],
    );
    await stop();
  });

  it('reach an agent that is held here once each, however they come', async () => {
    const { sessions, give, stop } = await open();
    const given: string[] = [];
    await sessions.hold('s', {
      async deliver({ commandId }) {
        given.push(commandId);
        return { state: 'applied', evidence: { a: 1 } };
      },
      answer: () => true,
    });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => give({ type: 'INJECT', skill_name: `s${i}` })),
    );
    const ids = results.map(({ command_id }) => String(command_id));
    await until('all are applied', async () => {
      const all = await sessions.commands('s', 100);
      return all.length === ids.length && all.every(({ state }) => state === 'applied');
    });
    assert.deepEqual(given.toSorted(), ids.toSorted());
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
