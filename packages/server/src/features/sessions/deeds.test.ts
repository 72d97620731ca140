import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { createDeeds, NotBegun, type CarryDeed, type Deed } from './deeds.ts';

const deed: Deed = {
  action: 'stop_agent',
  sessionId: 's',
  params: {},
  actor: 'device:a',
  reason: 'asked for',
};

test('two who ask for the same at once both hear what came of theirs', async () => {
  const deeds = createDeeds(silentLog);
  const runs: (() => Promise<unknown>)[] = [];
  const carry: CarryDeed = async () => {
    const { promise, resolve } = Promise.withResolvers<{ message: string }>();
    runs.push(async () => {
      await deeds.take('stop_agent', 's')?.();
      resolve({ message: 'done' });
    });
    return { ok: true, done: promise };
  };
  deeds.bind(carry);
  const first = deeds.through(deed, async () => 'first');
  const second = deeds.through(deed, async () => 'second');
  await Promise.all(runs.map((run) => run()));
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
});

test('the one that is refused takes nothing from the one that is under way', async () => {
  const deeds = createDeeds(silentLog);
  let asked = 0;
  const { promise: done, resolve: end } = Promise.withResolvers<{ message: string }>();
  deeds.bind(async () => {
    asked += 1;
    return asked === 1 ? { ok: true, done } : { ok: false, message: 'Another action is under way.' };
  });
  const first = deeds.through(deed, async () => 'first');
  await assert.rejects(
    deeds.through(deed, async () => 'second'),
    NotBegun,
  );
  await deeds.take('stop_agent', 's')?.();
  end({ message: 'done' });
  assert.equal(await first, 'first');
});
