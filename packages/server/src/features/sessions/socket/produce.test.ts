import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { forEachStore } from '../../../testing/stores.ts';
import type { Guest } from '../../events/index.ts';
import { identityOf, maker, openRig } from '../testing/rig.ts';
import type { SocketDeps } from './deps.ts';
import { createHall } from './hall.ts';
import { portOf } from './port-of.ts';
import { createProducer } from './produce.ts';

interface Ack {
  success: boolean;
  code?: string;
  seq?: number;
}

forEachStore('a producer on a socket', (openStore) => {
  it('is stored in the order it speaks, whatever of it cannot be taken', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, maker);
    const identity = identityOf(['sessions:produce'], { deviceId: 'maker' });
    const guest = {
      identity,
      reply: (_event: string, payload: unknown, ack: unknown) => (ack as (given: unknown) => void)(payload),
    } as unknown as Guest;
    const port = portOf(sessions);
    const produce = createProducer(
      { sessions: port, hall: createHall(port), clock: systemClock } as unknown as SocketDeps,
      guest,
      () => 's',
    );
    const say = (event_type: string, data: object = {}) =>
      new Promise<Ack>((done) => produce({ event_type, data }, done));
    const said: Promise<Ack>[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      for (let n = 0; n < 10; n += 1) {
        const at = turn * 10 + n;
        if (n === 3)
          said.push(say('decision:point', { question: 'x?', options: [{ id: 'a' }, { id: 'a' }] }));
        else if (n === 6) said.push(say('command:update', { at }));
        else if (n === 8) said.push(say('decision:point', { decision_id: 'd', question: `${turn}?`, at }));
        else said.push(say('skill:progress', { at }));
      }
      // While the server stores this, it goes on to speak.
      await new Promise((done) => setImmediate(done));
    }
    const answers = await Promise.all(said);
    for (let turn = 0; turn < 6; turn += 1) {
      const ofTurn = answers.slice(turn * 10, turn * 10 + 10);
      assert.deepEqual(
        ofTurn.map(({ success, code }) => (success ? 'stored' : code)),
        [
          'stored',
          'stored',
          'stored',
          'invalid_decision',
          'stored',
          'stored',
          'reserved_type',
          'stored',
          turn === 0 ? 'stored' : 'decision_id_used',
          'stored',
        ],
      );
    }
    const stored = answers.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
    assert.deepEqual(
      stored,
      stored.toSorted((one, other) => one - other),
    );
    await stop();
  });

  it('writes nothing into a session of another tenant that has taken the name of the one it was admitted to', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, { ...maker, tenant: 'acme' });
    const identity = identityOf(['sessions:produce'], { deviceId: 'maker', tenant: 'acme' });
    const guest = {
      identity,
      reply: (_event: string, payload: unknown, ack: unknown) => (ack as (given: unknown) => void)(payload),
    } as unknown as Guest;
    const port = portOf(sessions);
    // A hall that hears nothing of deletions: those of another process come a moment later.
    const produce = createProducer(
      { sessions: port, hall: createHall(port), clock: systemClock } as unknown as SocketDeps,
      guest,
      () => 's',
    );
    const say = (event_type: string, data: object = {}) =>
      new Promise<Ack>((done) => produce({ event_type, data }, done));
    assert.equal((await say('skill:progress')).success, true);
    await sessions.remove('s', 'device:maker');
    await sessions.create({ session_id: 's' }, { actor: 'device:other', deviceId: 'other', tenant: 'other' });
    const refused = [await say('skill:progress'), await say('decision:point', { question: 'mine?' })];
    assert.deepEqual(
      refused.map(({ success, code }) => [success, code]),
      [
        [false, 'session_not_found'],
        [false, 'session_not_found'],
      ],
    );
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 100 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['session:created'],
    );
    await stop();
  });

  it('makes a session anew that was deleted since it last spoke', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, maker);
    const identity = identityOf(['sessions:produce'], { deviceId: 'maker' });
    const port = portOf(sessions);
    const hall = createHall(port);
    const guest = {
      identity,
      reply: (_event: string, payload: unknown, ack: unknown) => (ack as (given: unknown) => void)(payload),
    } as unknown as Guest;
    const deps = { sessions: port, hall, clock: systemClock } as unknown as SocketDeps;
    const produce = createProducer(deps, guest, () => 's');
    const say = () => new Promise<Ack>((done) => produce({ event_type: 'skill:progress', data: {} }, done));
    assert.equal((await say()).seq, 2);
    await sessions.remove('s', 'device:maker');
    hall.deleted('s');
    assert.equal((await say()).seq, 2, 'after its session:created');
    await stop();
  });
});
