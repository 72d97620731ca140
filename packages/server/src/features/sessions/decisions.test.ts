import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NewDecision } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import type { SessionTables } from './tables.ts';
import { handClock, identityOf, maker, openRig, type RigOptions } from './testing/rig.ts';

const operator = identityOf(['operate'], { deviceId: 'op' });
const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);

forEachStore('a decision', (openStore, newPlace) => {
  const open = async (options: RigOptions = {}) => {
    const rig = await openRig(openStore, options);
    const { sessions } = rig;
    if (!(await sessions.get('s'))) await sessions.create({ session_id: 's' }, maker);
    const ask = (input: Partial<NewDecision> = {}) =>
      sessions.openDecision(
        's',
        { question: 'Which?', options: ['A', 'B'], default: 'A', ...input },
        'device:agent',
      );
    const answer = (decision_id: string, choice: string, who = operator) =>
      sessions.command(who, { type: 'DECISION', decision_id, choice });
    return { ...rig, ask, answer };
  };

  it('takes the first valid answer; the same again is no mistake, another is told who won (d, langgraph#6663)', async () => {
    const { sessions, ask, answer, stop } = await open();
    const { decision_id } = await ask();
    assert.equal((await sessions.get('s'))?.pending_decisions, 1);
    const wrong = await answer(decision_id, 'C');
    assert.deepEqual([wrong.success, wrong.error], [false, '"C" is not an option; there are "A", "B"']);
    const taken = await answer(decision_id, 'B');
    assert.deepEqual(
      [taken.success, taken.message, taken['choice'], taken['decision_id']],
      [true, 'Decision recorded', 'B', decision_id],
    );
    assert.equal((await answer(decision_id, 'B')).success, true);
    const lost = await answer(decision_id, 'A', identityOf(['operate'], { deviceId: 'late' }));
    assert.deepEqual([lost.success, lost.error], [false, 'Decision already made. device:op chose "B".']);
    assert.equal((await sessions.get('s'))?.pending_decisions, 0);
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 100, types: ['decision:*'] });
    assert.deepEqual(
      events.map(({ type, data }) => [type, data['choice']]),
      [
        ['decision:point', undefined],
        ['decision:made', 'B'],
      ],
    );
    const nobody = await answer('decision_999', 'A');
    assert.equal(nobody.error, 'Decision not found: decision_999');
    await stop();
  });

  it('keeps its own id: another question under a used one is refused, whoever restarted (i)', async () => {
    const { sessions, ask, answer, stop } = await open();
    const first = await ask({ decision_id: 'decision_1' });
    assert.deepEqual(await ask({ decision_id: 'decision_1' }), first);
    await answer('decision_1', 'A');
    await assert.rejects(
      ask({ decision_id: 'decision_1', question: 'Another?' }),
      (thrown) => codeOf(thrown) === 'decision_id_used',
    );
    const event = {
      type: 'decision:point',
      data: { decision_id: 'decision_1', question: 'Another?', options: ['A'] },
    };
    await assert.rejects(
      sessions.append('s', [event], { actor: 'a', producer: 'a' }),
      (thrown) => codeOf(thrown) === 'decision_id_used',
    );
    const ids = [await ask({ question: '1?' }), await ask({ question: '2?' })].map(
      ({ decision_id }) => decision_id,
    );
    assert.equal(new Set(ids).size, 2);
    await stop();
  });

  it('halts in the very moment in which nobody has answered: no crash can come between', async () => {
    const clock = handClock();
    const { sessions, store, ask, stop } = await open({ clock });
    await ask({ on_timeout: 'halt', timeout_s: 5 });
    const commandsThen = new Promise<unknown[]>((resolve) => {
      sessions.subscribe('s', ({ type }) => {
        if (type !== 'decision:expired') return;
        // What is in the store as soon as anybody hears of it, before any other transaction.
        void store
          .db<SessionTables>()
          .selectFrom('session_command')
          .select(['type', 'state'])
          .execute()
          .then(resolve);
      });
    });
    clock.pass(6000);
    await sessions.sweep();
    assert.deepEqual(await commandsThen, [{ type: 'HALT', state: 'queued' }]);
    await stop();
  });

  it('survives a restart, with its time running on', async () => {
    const place = await newPlace();
    const clock = handClock();
    const before = await open({ place, clock });
    const { decision_id } = await before.ask({ timeout_s: 60 });
    await before.stop();
    await before.store.close();
    clock.pass(30_000);
    const after = await open({ place, clock });
    const pending = await after.sessions.decisions({ tenant: 'main', state: 'pending', limit: 10 });
    assert.deepEqual(
      pending.map((each) => each.decision_id),
      [decision_id],
    );
    clock.pass(31_000);
    await after.sessions.sweep();
    const decision = await after.sessions.decision('s', decision_id);
    assert.deepEqual([decision?.resolution?.source, decision?.resolution?.choice], ['default', 'A']);
    await after.stop();
  });

  it('that nobody answers is expired, not declined, and says so (vendo#1373)', async () => {
    const clock = handClock();
    const { sessions, ask, answer, stop } = await open({ clock });
    const denied = await ask({
      on_timeout: 'deny',
      timeout_s: 5,
      options: ['yes', { id: 'no', kind: 'reject_once' }],
      default: null,
    });
    const halting = await ask({ question: 'Halt?', on_timeout: 'halt', timeout_s: 5 });
    clock.pass(6_000);
    const late = await answer(denied.decision_id, 'yes');
    assert.match(String(late.error), /^Decision expired/);
    await sessions.sweep();
    const resolution = async (id: string) => (await sessions.decision('s', id))?.resolution;
    assert.deepEqual(
      [(await resolution(denied.decision_id))?.source, (await resolution(denied.decision_id))?.choice],
      ['expired', 'no'],
    );
    assert.equal((await resolution(halting.decision_id))?.choice, null);
    assert.deepEqual(
      (await sessions.commands('s', 10)).map(({ type, actor }) => [type, actor]),
      [['HALT', 'system']],
    );
    const stale = await answer(denied.decision_id, 'yes');
    assert.match(
      String(stale.error),
      /already made\. Nobody answered in time: it expired/,
      'happy#656: what became of it',
    );
    await stop();
  });

  it('about a permission is never answered with yes by nobody or by whoever asks', async () => {
    const clock = handClock();
    const { sessions, ask, stop } = await open({ clock });
    const permission: Partial<NewDecision> = {
      kind: 'permission',
      options: ['allow', 'deny'],
      default: 'allow',
      on_timeout: 'default',
    };
    const timed = await ask({ ...permission, timeout_s: 5 });
    assert.equal(timed.on_timeout, 'deny');
    clock.pass(6_000);
    await sessions.sweep();
    const expired = await sessions.decision('s', timed.decision_id);
    assert.deepEqual([expired?.resolution?.source, expired?.resolution?.choice], ['expired', 'deny']);
    await sessions.lease('s', { holder: 'h', deviceId: 'agent', idempotent: [], steal: false });
    const asked = await ask({ ...permission, question: 'May I?' });
    const own = identityOf(['operate'], { deviceId: 'agent' });
    const by = (who: typeof own, choice: string) =>
      sessions.command(who, { type: 'DECISION', session_id: 's', decision_id: asked.decision_id, choice });
    assert.match(String((await by(own, 'allow')).error), /cannot give it to itself/);
    assert.equal((await by(operator, 'allow')).success, true);
    await stop();
  });

  it('about a permission is not given by whoever asked, also when it holds nothing, however it asked', async () => {
    const { sessions, ask, stop } = await open();
    const own = identityOf(['operate'], { deviceId: 'agent' });
    const allow = (decision_id: string, who = own) =>
      sessions.command(who, { type: 'DECISION', session_id: 's', decision_id, choice: 'allow' });
    const permission: NewDecision = {
      kind: 'permission',
      question: 'May I?',
      options: ['allow', 'deny'],
      decision_id: 'said',
    };
    const asked = await ask({ ...permission, decision_id: 'asked', default: undefined });
    const by = { actor: 'device:agent', producer: 'agent' };
    await sessions.append('s', [{ type: 'decision:point', data: { ...permission } }], by);
    for (const id of [asked.decision_id, 'said']) {
      assert.match(String((await allow(id)).error), /cannot give it to itself/);
      assert.equal((await allow(id, operator)).success, true);
    }
    await stop();
  });

  it('that is taken back leaves no agent waiting: it hears that it may not', async () => {
    const { sessions, ask, stop } = await open();
    const heard: [string, string | null][] = [];
    await sessions.hold('s', {
      deliver: async () => ({ state: 'applied', evidence: {} }),
      answer: (id, choice) => heard.push([id, choice]) > 0,
    });
    const { decision_id: id } = await ask({
      kind: 'permission',
      options: ['allow', 'deny'],
      default: undefined,
    });
    await sessions.cancelDecision('s', id, 'It was taken back');
    await until('the agent hears of it', () => heard.length > 0);
    assert.deepEqual(heard, [[id, null]]);
    await stop();
  });

  it('is opened by the seed’s own event, and cancelled when its session ends', async () => {
    const { sessions, stop } = await open();
    const by = { actor: 'device:maker', producer: 'maker' };
    await sessions.append(
      's',
      [
        {
          type: 'decision:point',
          data: {
            decision_id: 'decision_001',
            question: 'Which approach?',
            options: ['A', 'B', 'C'],
            default: 'A',
          },
        },
      ],
      by,
    );
    assert.equal((await sessions.decision('s', 'decision_001'))?.state, 'pending');
    assert.equal((await sessions.get('s'))?.phase, 'waiting');
    await sessions.append('s', [{ type: 'execution:completed' }], by);
    const decision = await sessions.decision('s', 'decision_001');
    assert.equal(decision?.resolution?.source, 'cancelled');
    await stop();
  });
});
