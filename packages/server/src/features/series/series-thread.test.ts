import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('a process that closes its history while it answers does not end in the middle of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-series-'));
  try {
    const program = join(import.meta.dirname, 'testing', 'close-while-asked.ts');
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    // 13 is Node’s code for a process that ended while it awaited something at its top level.
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
