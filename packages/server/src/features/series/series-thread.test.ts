import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { createSeriesThread } from './series-thread.ts';

test('a question that is answered while the thread closes does not let the process end in the middle of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-series-'));
  try {
    const thread = createSeriesThread({
      place: { folder },
      rules: { rawDays: 1, minuteDays: 1, hourDays: 1, maxBytes: 1e9, minFreeBytes: 0, maxSeries: 100 },
      log: silentLog,
    });
    const asked = thread.ask('series', {});
    await thread.close();
    assert.deepEqual(await asked, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
