import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { createSweeper } from './sweeper.ts';
import type { SessionTables } from './tables.ts';
import { handClock, maker, openRig } from './testing/rig.ts';

forEachStore('what ends at a time of its own', (openStore) => {
  it('is ended then, each in its turn, and not when everything is looked at again', async () => {
    const clock = handClock();
    const { store, sessions, stop } = await openRig(openStore, { clock });
    await sessions.create({ session_id: 's' }, maker);
    const from = clock.now() - performance.now();
    const ended = new Set<string>();
    const sweeper = createSweeper({
      db: store.db<SessionTables>(),
      clock: { now: () => Math.round(from + performance.now()), monotonic: () => performance.now() },
      log: silentLog,
      everyMs: 3_600_000,
      expireCommand: async () => undefined,
      expireLease: async () => undefined,
      async expireDecision({ session_id, decision_id }) {
        ended.add(decision_id);
        await sessions.cancelDecision(session_id, decision_id, 'its time is over');
      },
    });
    sweeper.start();
    for (const timeout_s of [0.3, 0.5, 0.7]) {
      const asked = await sessions.openDecision('s', { question: `${timeout_s}?`, timeout_s }, 'agent');
      sweeper.at(asked.expires_at ?? 0);
    }
    await until('all three are ended', () => ended.size === 3);
    await sweeper.stop();
    assert.equal((await sessions.get('s'))?.pending_decisions, 0);
    await stop();
  });
});
