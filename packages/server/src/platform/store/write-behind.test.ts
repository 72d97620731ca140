import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog, type Log } from '../../kernel/log.ts';
import { until } from './conformance/until.ts';
import { storeFault } from './faults.ts';
import { createWriteBehind } from './write-behind.ts';

const gone = () => storeFault('store_unavailable', 'away');

function recorder(): { log: Log; losses: number[] } {
  const losses: number[] = [];
  const error = (fields: object) => {
    if ('lost' in fields) losses.push(fields.lost as number);
  };
  return { log: { ...silentLog, error }, losses };
}

describe('writes behind', () => {
  it('wait while the store is away and follow in order when it is back', async () => {
    const { log, losses } = recorder();
    const behind = createWriteBehind({ log, retryMs: 5 });
    let away = true;
    const written: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      behind.push('n', async () => {
        if (away) throw gone();
        written.push(n);
      });
    }
    await behind.settled();
    assert.deepEqual(written, []);
    away = false;
    await until(() => written.length === 10);
    assert.deepEqual(written, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(losses, []);
    await behind.close();
  });

  it('past the bound the oldest is given up and counted, and a bug stops nobody', async () => {
    const { log, losses } = recorder();
    const behind = createWriteBehind({ log, retryMs: 5, maxWaiting: 3 });
    let away = true;
    const written: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      behind.push('n', async () => {
        if (away) throw gone();
        if (n === 3) throw new TypeError('a bug');
        written.push(n);
      });
    }
    assert.deepEqual(losses, [1, 1]);
    away = false;
    await until(() => written.includes(4));
    assert.deepEqual(written, [0, 4]);
    await behind.close();
  });

  it('closing while the store is away ends after one more try and says what is lost', async () => {
    const { log, losses } = recorder();
    const behind = createWriteBehind({ log, retryMs: 60_000 });
    for (let n = 0; n < 4; n += 1) behind.push('n', () => Promise.reject(gone()));
    await behind.settled();
    await behind.close();
    assert.deepEqual(losses, [4]);
  });
});
