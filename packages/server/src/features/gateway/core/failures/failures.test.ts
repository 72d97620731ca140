import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallFailureCause } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { createFailureBook, type FailedCall } from './failure-book.ts';
import { failureCause } from './failure-cause.ts';

const error = (more: Partial<WireError>): WireError => ({
  kind: 'server',
  message: '',
  source: 'upstream',
  ...more,
});

test('each way to fail has its own cause', () => {
  const unreachable = error({ kind: 'overloaded', code: 'upstream_unreachable', source: 'gateway' });
  const cases: [CallFailureCause | null, WireError, string | null][] = [
    ['rate-limited', error({ kind: 'rate-limited', status: 429 }), null],
    ['quota', error({ kind: 'quota', status: 429 }), null],
    ['server', error({ status: 502 }), null],
    ['overloaded', error({ kind: 'overloaded', status: 503 }), null],
    ['auth', error({ kind: 'auth', status: 401, message: 'Incorrect API key' }), null],
    ['upgrade-required', error({ kind: 'permission', status: 403, code: 'upgrade_required' }), null],
    ['upgrade-required', error({ kind: 'permission', status: 403, message: 'upgrade_required' }), null],
    ['upgrade-required', error({ kind: 'invalid-request', status: 426 }), null],
    ['blocked', error({ kind: 'permission', status: 403, message: 'error code: 1010' }), null],
    ['timeout', error({ kind: 'timeout' }), null],
    ['dns', unreachable, 'ENOTFOUND'],
    ['tls', unreachable, 'CERT_HAS_EXPIRED'],
    ['tls', unreachable, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['refused', unreachable, 'ECONNREFUSED'],
    ['timeout', unreachable, 'UND_ERR_CONNECT_TIMEOUT'],
    ['reset', unreachable, 'ECONNRESET'],
    ['reset', error({ code: 'upstream_cut' }), 'UND_ERR_SOCKET'],
    ['bad-request', error({ kind: 'invalid-request', status: 400 }), null],
    [null, error({ kind: 'invalid-request', source: 'gateway' }), null],
    ['context-length', error({ kind: 'context-length', status: 400 }), null],
    ['not-found', error({ kind: 'not-found', status: 404 }), null],
    [null, error({ kind: 'content-filter' }), null],
  ];
  for (const [cause, wireError, errno] of cases)
    assert.equal(failureCause(wireError, errno), cause, JSON.stringify(wireError));
});

const call = (more: Partial<FailedCall> = {}): FailedCall => ({
  provider: 'p',
  model: 'm',
  cause: 'server',
  status: 500,
  code: null,
  message: 'no',
  retryAfterMs: null,
  ...more,
});

test('a storm is one entry with its count, and a success ends the row', () => {
  const asked: number[] = [];
  const book = createFailureBook((ms) => asked.push(ms));
  for (let n = 0; n < 500; n += 1) book.failed(call(), n);
  const told = book.take();
  assert.deepEqual(
    told?.failures.map(({ count, in_a_row, last_at }) => ({ count, in_a_row, last_at })),
    [{ count: 500, in_a_row: 500, last_at: 499 }],
  );
  book.worked('p', 'm');
  book.worked('p', 'm');
  assert.deepEqual(book.take(), { failures: [], recovered: [{ provider: 'p', model: 'm' }], dropped: 0 });
  book.failed(call(), 600);
  assert.equal(book.take()?.failures[0]?.in_a_row, 1);
  assert.deepEqual(asked, [250, 250, 250], 'one report each, not one a failure');
});

test('nothing is asked for while all is well, and leaving clients can wait', () => {
  const asked: number[] = [];
  const book = createFailureBook((ms) => asked.push(ms));
  book.worked('p', 'm');
  assert.equal(book.take(), null);
  book.failed(call({ cause: 'client-gone' }), 1);
  book.failed(call(), 2);
  assert.deepEqual(asked, [10_000, 250]);
});

test('what is kept does not grow with the names that clients think of', () => {
  const book = createFailureBook();
  for (let n = 0; n < 1000; n += 1) book.failed(call({ model: `m${n}` }), n);
  const told = book.take();
  assert.equal(told?.failures.length, 200);
  assert.equal(told?.dropped, 800);
});
