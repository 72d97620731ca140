import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionCommand } from '@vigiles/contract';
import { fault, FaultError } from '../../kernel/fault.ts';
import { silentLog } from '../../kernel/log.ts';
import { until } from '../../testing/test-control.ts';
import { createReceivers } from './commands/receivers.ts';
import type { Settlement } from './commands/delivery.ts';
import { createHeldAgents } from './held-agents.ts';

/** What is kept about commands, as slow and as unreliable as a test wants it. */
function openHeld() {
  const queue: string[] = [];
  const settled: string[] = [];
  /** Given out under this lease and not settled. */
  const delivered = new Map<string, object>();
  const epochs: number[] = [];
  let ranOut = false;
  let loseAnswer = false;
  let claims = 0;
  let failures = 0;
  let answered = (): void => {};
  let taken = 0;
  const held = createHeldAgents({
    delivery: {
      async claim(_: string, epoch: number, having: ReadonlySet<string>) {
        claims += 1;
        if (ranOut) throw new FaultError(fault('conflict', 'stale_epoch', 'The lease ran out.'));
        epochs.push(epoch);
        for (const command_id of queue.splice(0))
          delivered.set(command_id, { command_id, type: command_id.split('_')[0], args: {} });
        answered();
        if (loseAnswer) {
          loseAnswer = false;
          throw new FaultError(fault('unavailable', 'store_unavailable', 'The connection was lost.'));
        }
        return [...delivered].flatMap(([id, command]) =>
          having.has(id) ? [] : [command],
        ) as unknown as SessionCommand[];
      },
      async settle({ commandId, state, note }: Settlement) {
        if (state === 'applied' && commandId.startsWith('HALT'))
          throw new FaultError(fault('invalid', 'evidence_required', 'A HALT needs evidence.'));
        failures -= 1;
        if (failures >= 0)
          throw new FaultError(fault('unavailable', 'store_unavailable', 'The database is locked.'));
        delivered.delete(commandId);
        settled.push(note === '' ? commandId : `${commandId}: ${note}`);
      },
    } as never,
    receivers: createReceivers(),
    leases: {
      take: async () => {
        ranOut = false;
        return { epoch: (taken += 1) };
      },
      renew: async () => {
        if (ranOut) throw new FaultError(fault('conflict', 'stale_epoch', 'The lease ran out.'));
      },
      release: async () => undefined,
    } as never,
    deeds: { through: (_: unknown, work: () => unknown) => work() } as never,
    holder: 'control:here',
    leaseMs: () => 30,
    log: silentLog,
  });
  return {
    held,
    queue,
    settled,
    epochs,
    claims: () => claims,
    runOut: () => void (ranOut = true),
    loseAnswer: () => void (loseAnswer = true),
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
        queue.push('REDIRECT_1');
        held.pump('s');
      });
    });
    await held.hold('s', agent);
    await until(`it is done when it came ${ticks} ticks later`, () => settled.length === 1);
    assert.deepEqual(settled, ['REDIRECT_1']);
    await held.stop();
  }
});

test('what came of a command is stored as soon as the store takes it', async () => {
  const { held, queue, settled, fail } = openHeld();
  fail(2);
  queue.push('REDIRECT_1');
  await held.hold('s', agent);
  await until('it is settled', () => settled.length === 1);
  assert.deepEqual(settled, ['REDIRECT_1']);
  await held.stop();
});

test('a command whose answer was lost on its way from the store is given out again, and once', async () => {
  const { held, queue, settled, loseAnswer } = openHeld();
  const given: string[] = [];
  await held.hold('s', {
    ...agent,
    async deliver({ commandId }) {
      given.push(commandId);
      return { state: 'applied', evidence: {} };
    },
  });
  loseAnswer();
  queue.push('REDIRECT_1');
  held.pump('s');
  await until('it is settled', () => settled.length === 1);
  assert.deepEqual(given, ['REDIRECT_1']);
  await held.stop();
});

test('what is not taken as done has failed: nothing waits behind it for ever', async () => {
  const { held, queue, settled } = openHeld();
  queue.push('HALT_1');
  await held.hold('s', agent);
  await until('it is settled', () => settled.length === 1);
  assert.deepEqual(settled, ['HALT_1: A HALT needs evidence.']);
  await held.stop();
});

test('a lease that ran out while nobody could renew it is taken again, and what waited is given out', async () => {
  const { held, queue, settled, runOut, epochs } = openHeld();
  await held.hold('s', agent);
  await until('it was looked for', () => epochs.length > 0);
  runOut();
  queue.push('REDIRECT_1');
  held.pump('s');
  await until('it is settled', () => settled.length === 1);
  assert.equal(epochs.at(-1), 2);
  await held.stop();
});
