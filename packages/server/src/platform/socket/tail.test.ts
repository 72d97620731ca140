import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTail } from './tail.ts';

/** A log that commits on request, and a client that notes what it is given. */
function stage(
  more: { pageSize?: number; onRead?: (afterSeq: number) => void; gone?: () => boolean; bytes?: number } = {},
) {
  const log: number[] = [];
  const given: number[] = [];
  let reads = 0;
  const { pageSize = 10 } = more;
  const tail = createTail({
    async read(afterSeq) {
      reads += 1;
      more.onRead?.(afterSeq);
      await Promise.resolve();
      const page = log.filter((seq) => seq > afterSeq).slice(0, pageSize);
      return {
        lines: page.map((seq) => ({ seq })),
        readTo: page.at(-1) ?? afterSeq,
        more: page.length === pageSize,
      };
    },
    send(lines) {
      given.push(...lines.map(({ seq }) => seq));
      return true;
    },
    bytesOf: () => more.bytes ?? 100,
    drained: async () => !(more.gone?.() ?? false),
  });
  const commit = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      const seq = log.length + 1;
      log.push(seq);
      tail.take([{ seq }]);
    }
  };
  return { log, given, tail, commit, reads: () => reads };
}
const upTo = (to: number, from = 1) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a tail of a log', () => {
  it('gives everything once and in order, also what is committed while it reads', async () => {
    const all = stage({ onRead: () => all.log.length < 60 && all.commit(7) });
    all.commit(25);
    all.tail.open(3);
    await all.tail.catchUp();
    all.commit(2);
    assert.deepEqual(all.given, upTo(all.log.length, 4));
  });

  it('reads again what was too much to hold', async () => {
    let flooded = false;
    const all = stage({
      pageSize: 5000,
      onRead() {
        if (flooded) return;
        flooded = true;
        all.commit(6000);
      },
    });
    all.tail.open(0);
    await all.tail.catchUp();
    assert.deepEqual(all.given, upTo(6000));
  });

  it('sends nothing after it was ended or its client is gone', async () => {
    const ended = stage();
    ended.commit(5);
    ended.tail.open(0);
    ended.tail.end();
    await ended.tail.catchUp();
    ended.commit(1);
    assert.deepEqual(ended.given, []);
    const gone = stage({ bytes: 100_000, gone: () => gone.given.length === 3 });
    gone.commit(5);
    gone.tail.open(0);
    await gone.tail.catchUp();
    gone.commit(5);
    assert.deepEqual(gone.given, [1, 2, 3]);
    assert.ok(gone.tail.ended);
  });
});
