import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createBackground } from './background.ts';
import { openConnection } from './open-connection.ts';

describe('the thread for long reads', () => {
  it('goes when it has little to do, and is there again for the next question', async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'vigiles-background-'));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const path = join(home, 'vigiles.db');
    openConnection(path, false).close();
    const background = createBackground(path, 20);
    t.after(() => background.close());
    assert.deepEqual(await background.report('select 1 as one', []), [{ one: 1 }]);
    for (const until = Date.now() + 10_000; background.running(); await delay(5))
      assert.ok(Date.now() < until, 'the thread is still there');
    assert.deepEqual(await background.report('select 2 as two', []), [{ two: 2 }]);
  });
});
