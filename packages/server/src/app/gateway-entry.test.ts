import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { gatewayEntry } from './gateway-entry.ts';

test('the bundle is started only when it was made from exactly these sources', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'vigiles-entry-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  const entry = () => basename(gatewayEntry(base, base));
  assert.equal(entry(), 'gateway-main.ts');

  await writeFile(join(base, 'a.ts'), 'one');
  await writeFile(join(base, 'gateway-main.js'), '');
  const hash = createHash('sha256').update('one').digest('hex');
  await writeFile(join(base, 'inputs.json'), JSON.stringify({ hash, files: ['a.ts'] }));
  assert.equal(entry(), 'gateway-main.js');

  await writeFile(join(base, 'a.ts'), 'two');
  assert.equal(entry(), 'gateway-main.ts');
});
