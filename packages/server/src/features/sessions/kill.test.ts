import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult, Lease, SessionCommand } from '@vigiles/contract';
import { silentLog } from '../../kernel/log.ts';
import { createStore } from '../../platform/store/create-store.ts';
import { startMortal, type Mortal } from './testing/mortal.ts';
import { rigMigrations } from './testing/rig.ts';
import type { SessionTables } from './tables.ts';

/** `KILLS=200 node --test …` for the long run. */
const kills = Number(process.env['KILLS'] ?? 4);
const batchSize = 20;
const id = 's';

/** What the outside world knows, whatever dies in between: what was sent, acknowledged and carried out. */
function createWorld() {
  const acknowledged = new Map<string, number>();
  const carriedOut = new Map<string, number>();
  const accepted = new Set<string>();
  const unsent: string[][] = [];
  let events = 0;
  let commands = 0;
  const gone = (thrown: unknown): void => {
    // What somebody newer took over, or a process that died: nothing else may go wrong.
    const code = thrown instanceof Error ? thrown.message : String(thrown);
    if (!['gone', 'stale_epoch', 'already_settled'].includes(code)) throw thrown;
  };

  /** Sends batches one after the other; one that was not acknowledged is sent again by whoever comes next. */
  async function produce(sessions: Mortal): Promise<void> {
    for (;;) {
      const ids = unsent.shift() ?? Array.from({ length: batchSize }, () => `e${(events += 1)}`);
      try {
        const batch = ids.map((local_id) => ({ type: 'skill:progress', local_id }));
        const answer = await sessions.ask<{ events: { seq: number }[] }>('append', { id, batch });
        for (const [i, local] of ids.entries()) acknowledged.set(local, answer.events[i]?.seq ?? 0);
      } catch (thrown) {
        unsent.push(ids);
        return gone(thrown);
      }
    }
  }

  async function command(sessions: Mortal): Promise<void> {
    for (;;) {
      const command_id = `c${commands}`;
      try {
        const input = { type: 'INJECT', skill_name: 'x', session_id: id, command_id };
        const { success } = await sessions.ask<CommandResult>('command', input);
        assert.equal(success, true);
        accepted.add(command_id);
        commands += 1;
      } catch (thrown) {
        // The same again next time: it may have been accepted.
        return gone(thrown);
      }
    }
  }

  async function orchestrate(sessions: Mortal): Promise<void> {
    try {
      const { epoch } = await sessions.ask<Lease>('lease', { id });
      for (;;) {
        for (const { command_id } of await sessions.ask<SessionCommand[]>('take', { id, epoch })) {
          carriedOut.set(command_id, (carriedOut.get(command_id) ?? 0) + 1);
          await sessions.ask('settle', {
            sessionId: id,
            commandId: command_id,
            epoch,
            state: 'applied',
            note: '',
            evidence: { n: 1 },
          });
        }
      }
    } catch (thrown) {
      return gone(thrown);
    }
  }

  return {
    acknowledged,
    carriedOut,
    accepted,
    live: (sessions: Mortal) =>
      Promise.all([
        produce(sessions),
        produce(sessions),
        produce(sessions),
        command(sessions),
        orchestrate(sessions),
      ]),
  };
}

it(`kill -9 at ${kills} moments under load loses no acknowledged event, stores none twice and applies no command twice`, async () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-kill-'));
  try {
    const world = createWorld();
    for (let life = 0; life < kills; life += 1) {
      const sessions = await startMortal(home);
      await sessions.ask('create', { id });
      const living = world.live(sessions);
      // Killed before anything was stored, a life would show nothing; one that waits for it is enough.
      const deadline = Date.now() + 60_000;
      while (world.acknowledged.size === 0 || world.carriedOut.size === 0) {
        assert.ok(Date.now() < deadline, 'nothing is stored');
        await delay(5);
      }
      await delay(20 + Math.random() * 130);
      await sessions.kill();
      await living;
    }
    const store = await createStore({ home, log: silentLog, migrations: rigMigrations });
    const db = store.db<SessionTables>();
    const rows = await db
      .selectFrom('session_event')
      .select(['seq', 'event_id', 'type', 'payload'])
      .where('session_id', '=', id)
      .orderBy('seq')
      .execute();
    const head = await db.selectFrom('session').select('head_seq').executeTakeFirstOrThrow();
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      rows.map((_, i) => i + 1),
      'no gap',
    );
    assert.equal(head.head_seq, rows.length);
    assert.equal(new Set(rows.map(({ event_id }) => event_id)).size, rows.length, 'none twice');
    const places = new Map(rows.map(({ event_id, seq }) => [event_id, seq]));
    for (const [local, seq] of world.acknowledged) assert.equal(places.get(`maker/${local}`), seq, local);
    const applied = rows
      .filter(({ type }) => type === 'command:update')
      .map(({ payload }) => JSON.parse(payload) as { command_id: string; state: string })
      .filter(({ state }) => state === 'applied')
      .map(({ command_id }) => command_id);
    assert.equal(new Set(applied).size, applied.length, 'none applied twice in the log');
    for (const [command, times] of world.carriedOut)
      assert.equal(times, 1, `${command} was carried out once`);
    for (const command of applied) assert.equal(world.carriedOut.get(command), 1);
    const kept = await db.selectFrom('session_command').select('command_id').execute();
    const known = new Set(kept.map(({ command_id }) => command_id));
    for (const command of world.accepted) assert.ok(known.has(command), command);
    assert.ok(world.acknowledged.size > 0 && world.carriedOut.size > 0, 'there was load');
    await store.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
