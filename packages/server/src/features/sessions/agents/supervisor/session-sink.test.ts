import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { silentLog } from '../../../../kernel/log.ts';
import { createStore } from '../../../../platform/store/index.ts';
import { startLossyPostgres, type LossyPostgres } from '../../../../testing/lossy-postgres.ts';
import { startPostgres, type PostgresServer } from '../../../../testing/postgres.ts';
import { until } from '../../../../testing/test-control.ts';
import { maker, openRig } from '../../testing/rig.ts';
import { createSessionSink } from './session-sink.ts';

describe('what an agent tells while PostgreSQL’s answer to a COMMIT is lost', () => {
  let server: PostgresServer;
  let between: LossyPostgres;
  before(async () => {
    server = await startPostgres({ own: true });
    between = await startLossyPostgres(server.url);
  });
  after(async () => {
    await between.close();
    await server.stop();
  });
  const open = async (id: string) => {
    const rig = await openRig(
      ({ migrations }) => createStore({ log: silentLog, migrations, home: tmpdir(), url: between.url }),
      {},
    );
    await rig.sessions.create({ session_id: id }, maker);
    const heard: string[] = [];
    rig.sessions.subscribe(id, ({ seq, type }) => heard.push(`${seq} ${type}`));
    const logOf = async () =>
      (await rig.sessions.read(id, { afterSeq: 0, limit: 100 })).events.map(
        ({ seq, type }) => `${seq} ${type}`,
      );
    return { ...rig, heard, logOf };
  };

  it('stands in its log once, in its order, and who follows hears it once', async () => {
    const { sessions, heard, logOf, stop } = await open('told');
    const sink = createSessionSink({
      sessionId: 'told',
      sessions,
      redact: (data) => data,
      log: silentLog,
      now: () => Date.now(),
      beforeTurn: async () => undefined,
      commanded: () => false,
      phase: () => undefined,
      countsCost: false,
      signal: new AbortController().signal,
    });
    for (const type of ['message:user', 'execution:started', 'execution:completed']) {
      const lost = between.loseNextCommit();
      sink.event(type, {});
      await lost;
      await sink.settled();
    }
    const lost = between.loseNextCommit();
    sink.decision({ decisionId: 'd', kind: 'question', question: 'Which?', options: [], context: {} });
    await lost;
    await sink.settled();
    const log = await logOf();
    assert.deepEqual(
      log.map((line) => line.split(' ')[1]).filter((type) => type !== 'session:phase'),
      ['session:created', 'message:user', 'execution:started', 'execution:completed', 'decision:point'],
    );
    await until('all of it is heard', () => heard.length >= log.length - 1);
    assert.deepEqual(heard, log.slice(1));
    await stop();
  });

  it('is not written again by whoever gathered it with what others said: they are told that it may not stand', async () => {
    const { sessions, heard, logOf, stop } = await open('gathered');
    const lost = between.loseNextCommit();
    const said = ['one', 'two', 'three'].map((at) =>
      sessions.append('gathered', [{ type: 'message:user', data: { at } }], { actor: 'a', producer: 'a' }),
    );
    const [outcomes] = await Promise.all([Promise.allSettled(said), lost]);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.equal((await logOf()).length, 4);
    await until('it is heard although nobody was told of its commit', () => heard.length === 3);
    await stop();
  });
});
