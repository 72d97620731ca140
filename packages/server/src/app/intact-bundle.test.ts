import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { intactBundle } from './intact-bundle.ts';

test('a bundle is started only when it was made from exactly these sources', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'vigiles-bundle-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  const found = () => intactBundle('any', 'main.js', base, base);
  assert.equal(found(), null);

  await writeFile(join(base, 'a.ts'), 'one');
  await writeFile(join(base, 'main.js'), '');
  const hash = createHash('sha256').update('one').digest('hex');
  await writeFile(join(base, 'inputs.json'), JSON.stringify({ hash, files: ['a.ts'] }));
  assert.equal(found(), join(base, 'main.js'));

  await writeFile(join(base, 'a.ts'), 'two');
  assert.equal(found(), null);
});
