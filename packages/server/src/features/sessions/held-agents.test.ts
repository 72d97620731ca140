import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionCommand } from '@vigiles/contract';
import { fault, FaultError } from '../../kernel/fault.ts';
import { silentLog } from '../../kernel/log.ts';
import { until } from '../../testing/test-control.ts';
import { createHeldAgents } from './held-agents.ts';

/** What is kept about commands, as slow and as unreliable as a test wants it. */
function openHeld() {
  const queue: string[] = [];
  const settled: string[] = [];
  let claims = 0;
  let failures = 0;
  let answered = (): void => {};
  const held = createHeldAgents({
    delivery: {
      async claim() {
        claims += 1;
        const given = queue.splice(0).map((command_id) => ({ command_id, type: 'REDIRECT', args: {} }));
        answered();
        return given as unknown as SessionCommand[];
      },
      async settle({ commandId }: { commandId: string }) {
        failures -= 1;
        if (failures >= 0)
          throw new FaultError(fault('unavailable', 'store_unavailable', 'The database is locked.'));
        settled.push(commandId);
      },
    } as never,
    leases: { take: async () => ({ epoch: 1 }), release: async () => undefined } as never,
    deeds: {} as never,
    holder: 'control:here',
    leaseMs: () => 60_000,
    log: silentLog,
  });
  return {
    held,
    queue,
    settled,
    claims: () => claims,
    fail: (times: number) => void (failures = times),
    onClaim: (run: () => void) => void (answered = run),
  };
}

const agent = { deliver: async () => ({ state: 'applied', evidence: {} }) as const, answer: () => true };

test('a command is given out, whenever it was queued while those before it were looked for', async () => {
  for (let ticks = 0; ticks < 12; ticks += 1) {
    const { held, queue, settled, onClaim, claims } = openHeld();
    onClaim(() => {
      if (claims() > 1) return;
      let last = Promise.resolve();
      for (let i = 0; i < ticks; i += 1) last = last.then(() => undefined);
      void last.then(() => {
        queue.push('cmd_1');
        held.pump('s');
      });
    });
    await held.hold('s', agent);
    await until(`it is done when it came ${ticks} ticks later`, () => settled.length === 1);
    assert.deepEqual(settled, ['cmd_1']);
    await held.stop();
  }
});

test('what came of a command is stored as soon as the store takes it', async () => {
  const { held, queue, settled, fail } = openHeld();
  fail(2);
  queue.push('cmd_1');
  await held.hold('s', agent);
  await until('it is settled', () => settled.length === 1);
  assert.deepEqual(settled, ['cmd_1']);
  await held.stop();
});
