import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createRedactor } from '../../platform/secrets/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { exportSession } from './export/export-session.ts';
import { identityOf, maker, openRig } from './testing/rig.ts';
import type { SessionTables } from './tables.ts';

const known = 'p"w/+ 5f0c77d1a2';
const token = `ghp_${'a1'.repeat(18)}`;
const said = `the key is ${known}, and ${token}`;
const shown = 'the key is [redacted], and [redacted]';
const operator = identityOf(['operate'], { deviceId: 'op' });

forEachStore('secrets in what agents and people say', (openStore) => {
  const open = async () => {
    const redactor = createRedactor();
    redactor.register(known);
    const rig = await openRig(openStore, { clean: (json) => redactor.json(json) });
    await rig.sessions.create({ session_id: 's', metadata: { task: said } }, maker);
    return { ...rig, redactor };
  };
  /** Every text of every table. */
  const everything = async ({ store, events }: Awaited<ReturnType<typeof open>>): Promise<string> => {
    const db = store.db<SessionTables>();
    const tables = [
      'session',
      'session_event',
      'session_command',
      'session_decision',
      'session_checkpoint',
      'session_lease',
    ] as const;
    const rows: unknown[] = [await events.read({ afterSeq: 0, limit: 500 })];
    for (const table of tables) rows.push(await db.selectFrom(table).selectAll().execute());
    return JSON.stringify(rows);
  };

  it('are neither kept, shown, exported nor sent live, wherever they stand', async () => {
    const rig = await open();
    const { sessions, stop } = rig;
    const live: string[] = [];
    sessions.subscribe('s', (event) => live.push(JSON.stringify(event)));
    sessions.subscribeVolatile('s', (event) => live.push(JSON.stringify(event)));
    const by = { actor: 'device:maker', producer: 'maker' };
    const data = { title: said, list: [{ deep: `${said}\n${token}` }], [token]: 1 };
    await sessions.append('s', [{ type: 'execution:started', data }], by);
    await sessions.appendEach('s', [{ type: 'checkpoint:created', data: { label: said } }], by);
    await sessions.checkpoints.add('s', { label: said }, 'device:maker');
    await sessions.openDecision('s', { question: said, options: [{ id: 'a', label: said }] }, 'device:maker');
    await sessions.append(
      's',
      [
        {
          type: 'decision:point',
          data: { decision_id: 'd', question: said, options: ['x'], detail: { said } },
        },
      ],
      by,
    );
    await sessions.command(operator, {
      type: 'DECISION',
      session_id: 's',
      decision_id: 'd',
      choice: 'x',
      note: said,
    });
    // A token that comes in two pieces is one when they go out together.
    sessions.volatile('s', 'message:delta', { delta: token.slice(0, 9) }, 'm');
    sessions.volatile('s', 'message:delta', { delta: token.slice(9) }, 'm');
    await sessions.stop();
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 100 });
    const started = events.find(({ type }) => type === 'execution:started');
    assert.deepEqual(started?.data, {
      title: shown,
      list: [{ deep: `${shown}\n[redacted]` }],
      '[redacted]': 1,
    });
    const session = await sessions.get('s');
    assert.equal(session?.title, shown);
    assert.ok(session);
    const exported: string[] = [];
    for (const format of ['jsonl', 'ag-ui'] as const)
      for await (const part of exportSession(sessions, session, format)) exported.push(part);
    const decisions = await sessions.decisions({ tenant: null, limit: 10 });
    const all = [await everything(rig), ...live, ...exported, JSON.stringify(decisions)].join('\n');
    assert.ok(live.some((one) => one.includes('message:delta')));
    for (const secret of ['5f0c77d1a2', token])
      assert.ok(!all.includes(secret), all.slice(all.indexOf(secret) - 200));
    await stop();
  });

  it('reach whoever carries a command out as they were given, and are gone when it is done', async () => {
    const rig = await open();
    const { sessions, stop } = rig;
    const { epoch } = await sessions.lease('s', {
      holder: 'agent',
      deviceId: 'maker',
      idempotent: [],
      steal: false,
    });
    const command = { type: 'REDIRECT', session_id: 's', target_path: 'a', message: said, command_id: 'c' };
    assert.equal((await sessions.command(operator, command)).success, true);
    assert.ok(
      !JSON.stringify(await sessions.commands('s', 10)).includes('5f0c77d1a2'),
      'people see it without',
    );
    const [given] = await sessions.nextCommands('s', epoch, 1_000);
    assert.equal(given?.args['message'], said);
    const evidence = { note: said };
    await sessions.settleCommand({
      sessionId: 's',
      commandId: 'c',
      epoch,
      state: 'applied',
      note: said,
      evidence,
    });
    const again = await sessions.command(operator, command);
    assert.deepEqual([again.success, again['state']], [true, 'applied'], 'the same again is still the same');
    const all = await everything(rig);
    for (const secret of ['5f0c77d1a2', token])
      assert.ok(!all.includes(secret), all.slice(all.indexOf(secret) - 200));
    await stop();
  });

  it('in an answer reach whoever asked, and nobody else who looks or comes too late', async () => {
    const { sessions, stop } = await open();
    const { decision_id: id } = await sessions.openDecision('s', { question: 'Which key?' }, 'device:asks');
    const answer = (choice: string) =>
      sessions.command(operator, { type: 'DECISION', session_id: 's', decision_id: id, choice });
    assert.equal((await answer(said)).success, true);
    const late = JSON.stringify(await answer('another'));
    assert.match(late, /already made/);
    const made = await sessions.decision('s', id);
    assert.ok(made);
    const seen = JSON.stringify(await sessions.decisionFor(operator, made));
    for (const secret of ['5f0c77d1a2', token])
      assert.ok(!seen.includes(secret) && !late.includes(secret), late);
    assert.equal((await sessions.decisionFor({ deviceId: 'asks' }, made)).resolution?.choice, said);
    await stop();
  });

  it('that became known after they were said are left out of what is read', async () => {
    const { sessions, redactor, stop } = await open();
    const by = { actor: 'device:maker', producer: 'maker' };
    await sessions.append('s', [{ type: 'skill:progress', data: { message: 'later-known-value' } }], by);
    redactor.register('later-known-value');
    const { events } = await sessions.read('s', { afterSeq: 0, limit: 100, types: ['skill:*'] });
    assert.deepEqual(
      events.map(({ data }) => data),
      [{ message: '[redacted]' }],
    );
    await stop();
  });
});
