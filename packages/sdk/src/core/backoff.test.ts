import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs } from './backoff.ts';
import { isFatalCode, isFatalReason } from './fatal.ts';

describe('trying again', () => {
  it('waits longer each time, up to ten seconds, never all clients at the same moment', () => {
    assert.equal(backoffMs(0, 0), 50);
    assert.equal(backoffMs(0, 1), 100);
    assert.equal(backoffMs(3, 1), 800);
    assert.equal(backoffMs(1000, 1), 10_000);
    assert.equal(backoffMs(1000, 0), 5_000);
  });

  it('waits at least as long as the server asked', () => {
    assert.equal(backoffMs(0, 0, 3_000), 3_000);
    assert.equal(backoffMs(9, 1, 3_000), 10_000);
  });

  it('ends where the next try would be refused too, and goes on after everything else', () => {
    for (const code of ['token_invalid', 'scope_missing', 'origin_not_allowed']) assert.ok(isFatalCode(code));
    for (const code of [undefined, 'rate_limited', 'xhr poll error']) assert.ok(!isFatalCode(code));
    assert.ok(isFatalReason('revoked'));
    for (const reason of ['slow_consumer', 'shutting_down', 'transport close'])
      assert.ok(!isFatalReason(reason));
  });
});
