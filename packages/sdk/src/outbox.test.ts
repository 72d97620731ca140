import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewSessionEvent } from '@vigiles/contract';
import { VigilesError } from './core/vigiles-error.ts';
import { createOutbox } from './outbox.ts';

const refusal = (status: number, code = 'x') => new VigilesError({ status, code, message: code });

/** An outbox whose server says what `answer` throws, and keeps what it took. */
function stage(answer: (events: readonly NewSessionEvent[], call: number) => void, maxEvents = 1000) {
  const stored: NewSessionEvent[] = [];
  const failures: [string, boolean][] = [];
  let calls = 0;
  const outbox = createOutbox({
    run: 'run',
    maxEvents,
    async send(events) {
      calls += 1;
      answer(events, calls);
      stored.push(...events);
    },
    failed: ({ code }, fatal) => failures.push([code, fatal]),
  });
  return { outbox, stored, failures, calls: () => calls };
}

describe('events on their way', () => {
  it('go together, in order, each under an id of its own', async () => {
    const { outbox, stored, calls } = stage(() => undefined);
    for (let i = 0; i < 450; i += 1) outbox.put('skill:progress', { i });
    await outbox.flush();
    assert.equal(calls(), 3);
    assert.deepEqual(
      stored.map(({ data }) => data?.['i']),
      Array.from({ length: 450 }, (_, i) => i),
    );
    assert.equal(new Set(stored.map(({ local_id }) => local_id)).size, 450);
  });

  it('are sent again under the same ids until there is an answer', async () => {
    const ids: string[] = [];
    const { outbox, stored } = stage((events, call) => {
      ids.push(events.map(({ local_id }) => local_id).join());
      if (call < 3) throw refusal(call === 1 ? 0 : 503);
    });
    outbox.put('a:b', {});
    outbox.put('a:c', {});
    await outbox.flush();
    assert.equal(new Set(ids).size, 1);
    assert.equal(stored.length, 2);
  });

  it('are kept within bounds: the oldest go, and the log is told how many', async () => {
    let away = true;
    const { outbox, stored } = stage(() => {
      if (away) throw refusal(0);
    }, 10);
    outbox.put('skill:progress', { i: 0 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (let i = 1; i <= 25; i += 1) outbox.put('skill:progress', { i });
    assert.equal(outbox.waiting, 10);
    away = false;
    await outbox.flush();
    assert.deepEqual(
      stored.map(({ type, data }) =>
        type === 'producer:gap' ? `gap ${String(data?.['dropped'])}` : data?.['i'],
      ),
      [0, 'gap 15', 16, 17, 18, 19, 20, 21, 22, 23, 24, 25],
    );
  });

  it('are waited for up to the last one before, however fast others follow', async () => {
    let more = 300;
    const { outbox, stored } = stage(() => {
      // With every batch that is stored there is more to send.
      for (let i = 0; i < more; i += 1) outbox.put('skill:progress', {});
    });
    outbox.put('mine:first', {});
    outbox.put('mine:last', {});
    await outbox.flush();
    assert.ok(outbox.waiting > 0);
    more = 0;
    assert.ok(stored.some(({ type }) => type === 'mine:last'));
    await outbox.close(5_000);
    assert.equal(outbox.waiting, 0);
  });

  it('take no other with them when one is refused', async () => {
    const { outbox, stored, failures } = stage((events) => {
      if (events.some(({ type }) => type === 'bad:one')) throw refusal(400, 'invalid_request');
    });
    for (const type of ['a:b', 'bad:one', 'a:c']) outbox.put(type, {});
    await outbox.flush();
    assert.deepEqual(
      stored.map(({ type }) => type),
      ['a:b', 'a:c'],
    );
    assert.deepEqual(failures, [['invalid_request', false]]);
  });

  it('end where every further one would be refused too', async () => {
    const { outbox, failures, calls } = stage(() => {
      throw refusal(401, 'token_invalid');
    });
    outbox.put('a:b', {});
    await assert.rejects(outbox.flush(), { code: 'token_invalid' });
    outbox.put('a:c', {});
    await assert.rejects(outbox.flush());
    assert.equal(calls(), 1);
    assert.deepEqual(failures, [['token_invalid', true]]);
  });
});
