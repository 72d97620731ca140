import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import { until } from '../../testing/test-control.ts';
import { forEachStore } from '../../testing/stores.ts';
import { maker, openRig } from './testing/rig.ts';

const producer = { actor: 'device:maker', producer: 'maker' };
const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);

forEachStore('the log of a session', (openStore, newPlace, dialect) => {
  it('gives every event its place, stores a batch that is sent twice once, and says where it stands', async () => {
    const { sessions, stop } = await openRig(openStore);
    const { session_id } = await sessions.create({ session_id: 'a', metadata: { task: 'Fix it' } }, maker);
    const batch = [
      { type: 'skill:started', data: { skill_name: 'plan' }, local_id: '1' },
      { type: 'file:modified', data: { path: '/x' }, local_id: '2' },
    ];
    const first = await sessions.append(session_id, batch, producer);
    const second = await sessions.append(session_id, [...batch, { type: 'skill:completed' }], producer);
    assert.deepEqual(
      first.events.map(({ seq, duplicate }) => [seq, duplicate]),
      [
        [2, false],
        [3, false],
      ],
    );
    assert.deepEqual(
      second.events.map(({ seq, duplicate }) => [seq, duplicate]),
      [
        [2, true],
        [3, true],
        [4, false],
      ],
    );
    const { events } = await sessions.read('a', { afterSeq: 0, limit: 500 });
    assert.deepEqual(
      events.map(({ seq, type }) => [seq, type]),
      [
        [1, 'session:created'],
        [2, 'skill:started'],
        [3, 'file:modified'],
        [4, 'skill:completed'],
      ],
    );
    // The same id of another device is another event.
    const other = await sessions.append('a', [batch[0] ?? { type: 'x:y' }], {
      actor: 'device:b',
      producer: 'b',
    });
    assert.equal(other.events[0]?.duplicate, false);
    const session = await sessions.get('a');
    assert.equal(session?.status, 'running');
    assert.equal(session.title, 'Fix it');
    assert.equal(session.current_skill, 'plan');
    assert.equal(session.head_seq, 5);
    await stop();
  });

  it('hands every committed event to those who follow it, in order and once, whoever wrote it and however', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, maker);
    const seen: SessionEvent[] = [];
    const leave = sessions.subscribe('s', (event) => seen.push(event));
    const writing: Promise<unknown>[] = [];
    for (let i = 0; i < 120; i += 1) {
      writing.push(sessions.append('s', [{ type: 'skill:progress', data: { i } }], producer));
      if (i % 10 === 0)
        writing.push(sessions.openDecision('s', { question: `${i}?`, options: ['A', 'B'] }, 'device:maker'));
    }
    await Promise.all(writing);
    const head = (await sessions.get('s'))?.head_seq ?? 0;
    await until('all were handed on', () => seen.at(-1)?.seq === head);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      Array.from({ length: head - 1 }, (_, i) => i + 2),
    );
    const { events } = await sessions.read('s', { afterSeq: 1, limit: 500 });
    assert.deepEqual(events, seen);
    leave();
    await stop();
  });

  it('refuses what is too large, too deep, of a reserved topic or of no such session, and names the place', async () => {
    const { sessions, stop } = await openRig(openStore, { sessions: { max_event_kb: 1 } });
    await sessions.create({ session_id: 's' }, maker);
    const refused = async (type: string, data: Record<string, unknown>, to = 's') =>
      sessions.append(to, [{ type: 'a:b' }, { type, data }], producer).then(() => 'taken', codeOf);
    assert.equal(await refused('a:b', { text: 'é'.repeat(700) }), 'event_too_large');
    assert.equal(await refused('command:update', {}), 'reserved_type');
    assert.equal(await refused('session:phase', {}), 'reserved_type');
    assert.equal(await refused('connect', {}), 'invalid_request');
    assert.equal(
      await refused('a:b', JSON.parse('{"a":'.repeat(70) + '1' + '}'.repeat(70))),
      'invalid_request',
    );
    assert.equal(await refused('a:b', {}, 'nobody'), 'session_not_found');
    assert.equal((await sessions.get('s'))?.head_seq, 1);
    await stop();
  });

  it('keeps text with every character, also those that a database would refuse', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's', metadata: { title: 'nul \0 in it' } }, maker);
    const data = { text: 'a\0b \u2028 \ud83d\ude00 \ud800 <script>', __proto__x: 1 };
    await sessions.append('s', [{ type: 'message:assistant', data }], producer);
    const { events } = await sessions.read('s', { afterSeq: 1, limit: 1 });
    assert.equal(String(events[0]?.data['text']).slice(0, 3), 'a\0b');
    await stop();
  });

  it('reads pages of wanted types without reading everything that is not wanted', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, maker);
    const many = Array.from({ length: 300 }, (_, i) => ({
      type: i % 100 === 0 ? 'file:created' : 'skill:progress',
    }));
    await sessions.append('s', many, producer);
    // Files have an index of their own; they are read in the same way as everything else.
    for (const types of [['file:*'], ['file:created'], ['file:*', 'decision:*']]) {
      const page = await sessions.read('s', { afterSeq: 0, limit: 2, types });
      assert.deepEqual([page.events.map(({ seq }) => seq), page.more], [[2, 102], true]);
      const rest = await sessions.read('s', { afterSeq: page.nextSeq, limit: 2, types });
      assert.deepEqual([rest.events.map(({ seq }) => seq), rest.more], [[202], false]);
    }
    await stop();
  });

  it('forgets a deleted session: its id can be used again at once, and nothing of the old one shows', async () => {
    const { sessions, stop } = await openRig(openStore);
    await sessions.create({ session_id: 's' }, maker);
    await sessions.append(
      's',
      Array.from({ length: 900 }, () => ({ type: 'skill:progress' })),
      producer,
    );
    await sessions.remove('s', 'device:maker');
    assert.equal(await sessions.get('s'), null);
    await sessions.create({ session_id: 's' }, maker);
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 500 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['session:created'],
    );
    await stop();
  });

  if (dialect === 'postgres') {
    it('hands on what another control wrote, in order with its own', async () => {
      const place = await newPlace();
      const here = await openRig(openStore, { place });
      const there = await openRig(openStore, { place });
      await here.sessions.create({ session_id: 's' }, maker);
      const seen: number[] = [];
      here.sessions.subscribe('s', ({ seq }) => seen.push(seq));
      const append = async ({ sessions }: typeof here) => {
        for (let i = 0; i < 40; i += 1)
          await sessions.append('s', [{ type: 'skill:progress', data: { i } }], producer);
      };
      await Promise.all([append(here), append(there)]);
      await until('all were handed on', () => seen.at(-1) === 81);
      assert.deepEqual(
        seen,
        Array.from({ length: 80 }, (_, i) => i + 2),
      );
      await Promise.all([here.stop(), there.stop()]);
    });
  }
});
