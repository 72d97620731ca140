import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NewDecision } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import { forEachStore } from '../../testing/stores.ts';
import { handClock, identityOf, maker, openRig } from './testing/rig.ts';

const refusedAs =
  (code: string) =>
  (thrown: unknown): boolean =>
    thrown instanceof FaultError && thrown.fault.code === code;

forEachStore('more time for a decision', (openStore) => {
  const open = async () => {
    const clock = handClock();
    const rig = await openRig(openStore, { clock, sessions: { decision_extension_s: 600 } });
    await rig.sessions.create({ session_id: 's' }, maker);
    const ask = (input: Partial<NewDecision> = {}) =>
      rig.sessions.openDecision(
        's',
        { question: 'Which?', options: ['A', 'B'], timeout_s: 60, ...input },
        'device:agent',
      );
    const extend = (decisionId: string, seconds = 60) =>
      rig.sessions.extendDecision('s', decisionId, seconds, 'device:op');
    return { ...rig, clock, ask, extend };
  };

  it('moves its end on as often as anybody asks, up to the bound that was set, and says so', async () => {
    const { sessions, clock, ask, extend, stop } = await open();
    const { decision_id, opened_at } = await ask();
    clock.pass(59_000);
    assert.equal((await extend(decision_id)).expires_at, opened_at + 120_000);
    clock.pass(60_000);
    await sessions.sweep();
    assert.equal((await sessions.decision('s', decision_id))?.state, 'pending');
    assert.equal((await extend(decision_id, 3600)).expires_at, opened_at + 600_000);
    await assert.rejects(extend(decision_id, 3600), refusedAs('extension_limit'));
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 50, types: ['decision:extended'] });
    assert.deepEqual(
      events.map(({ data }) => [data['expires_at'], data['extended_by']]),
      [
        [opened_at + 120_000, 'device:op'],
        [opened_at + 600_000, 'device:op'],
      ],
    );
    clock.pass(600_000);
    await assert.rejects(extend(decision_id), refusedAs('decision_expired'));
    await sessions.sweep();
    assert.equal((await sessions.decision('s', decision_id))?.resolution?.source, 'expired');
    await stop();
  });

  it('is not given to a question that is answered, has no end, or whose asker waits no longer', async () => {
    const { sessions, ask, extend, stop } = await open();
    const answered = await ask();
    await sessions.command(identityOf(['operate'], { deviceId: 'op' }), {
      type: 'DECISION',
      decision_id: answered.decision_id,
      choice: 'A',
    });
    await assert.rejects(extend(answered.decision_id), refusedAs('decision_made'));
    const endless = await ask({ question: 'When?', timeout_s: null });
    await assert.rejects(extend(endless.decision_id), refusedAs('no_deadline'));
    const impatient = await ask({ question: 'Now?', timeout_s: null, latest_s: 30 });
    assert.equal(impatient.expires_at, impatient.opened_at + 30_000, 'it ends when nobody waits any more');
    await assert.rejects(extend(impatient.decision_id), refusedAs('extension_limit'));
    await assert.rejects(extend('nothing'), refusedAs('decision_not_found'));
    await stop();
  });
});
