import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { VigilesEvent } from '@vigiles/contract';
import { until } from '../store/conformance/until.ts';
import { createDelivery } from './delivery.ts';

const event = (seq: number): VigilesEvent => ({
  seq,
  id: `evt_${seq}`,
  type: 'system.stopped',
  ts: 0,
  actor: 'a',
  subject: 's',
  data: { reason: '' },
});

/** A delivery over an array that stands for what is committed. */
function setUp() {
  const committed: VigilesEvent[] = [];
  const delivered: number[] = [];
  const failures: unknown[] = [];
  const state = { reads: 0, failing: false };
  const delivery = createDelivery<VigilesEvent>({
    async readAfter(seq, limit) {
      state.reads += 1;
      await turn();
      if (state.failing) throw new Error('no database');
      return committed.filter((item) => item.seq > seq).slice(0, limit);
    },
    deliver: ({ seq }) => delivered.push(seq),
    onFailure: (thrown) => failures.push(thrown),
  });
  const commit = (...seqs: number[]) => {
    const events = seqs.map(event);
    committed.push(...events);
    return events;
  };
  return { delivery, delivered, failures, state, commit };
}

describe('the delivery of committed events', () => {
  it('hands on own events in order at once, without reading', () => {
    const { delivery, delivered, state, commit } = setUp();
    delivery.begin(0);
    delivery.offer(commit(1, 2));
    delivery.offer(commit(3));
    assert.deepEqual(delivered, [1, 2, 3]);
    assert.equal(state.reads, 0);
  });

  it('holds own events back until the earlier ones of others were read', async () => {
    const { delivery, delivered, commit } = setUp();
    delivery.begin(0);
    commit(1, 2);
    delivery.offer(commit(3));
    assert.deepEqual(delivered, []);
    await until(() => delivered.length === 3);
    assert.deepEqual(delivered, [1, 2, 3]);
  });

  it('delivers once what is offered while it is being read', async () => {
    const { delivery, delivered, commit } = setUp();
    delivery.begin(0);
    const own = commit(1, 2, 3);
    delivery.poke();
    delivery.offer(own);
    await delivery.end();
    assert.deepEqual(delivered, [1, 2, 3]);
  });

  it('reads on after a full page and after a commit that came during the read', async () => {
    const { delivery, delivered, commit } = setUp();
    delivery.begin(0);
    commit(...Array.from({ length: 1_200 }, (_, i) => i + 1));
    delivery.poke();
    await turn();
    commit(1_201);
    delivery.poke();
    await until(() => delivered.length === 1_201);
    assert.deepEqual(
      delivered,
      Array.from({ length: 1_201 }, (_, i) => i + 1),
    );
  });

  it('delivers nothing from before its beginning and nothing after its end', async () => {
    const { delivery, delivered, commit } = setUp();
    delivery.offer(commit(1));
    delivery.begin(1);
    delivery.offer(commit(2));
    await delivery.end();
    delivery.offer(commit(3));
    delivery.poke();
    assert.deepEqual(delivered, [2]);
  });

  it('says that a read failed and tries again until it works', async () => {
    const { delivery, delivered, failures, state, commit } = setUp();
    delivery.begin(0);
    state.failing = true;
    commit(1);
    delivery.poke();
    await until(() => failures.length > 0);
    state.failing = false;
    await until(() => delivered.length === 1);
  });

  it('skips what was pruned before it could be read', async () => {
    const { delivery, delivered, commit } = setUp();
    delivery.begin(0);
    commit(7, 8);
    delivery.poke();
    await until(() => delivered.length === 2);
    delivery.offer(commit(9));
    assert.deepEqual(delivered, [7, 8, 9]);
  });
});
