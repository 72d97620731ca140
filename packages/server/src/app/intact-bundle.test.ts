import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { intactBundle, stampOf } from './intact-bundle.ts';

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

test('sources as old and as long as those bundled are not read again; others are', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'vigiles-bundle-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  const found = () => intactBundle('any', 'main.js', base, base);
  const source = join(base, 'a.ts');
  await writeFile(source, 'one');
  await writeFile(join(base, 'main.js'), '');
  const hash = createHash('sha256').update('one').digest('hex');
  const stamp = stampOf(base, ['a.ts']);
  await writeFile(join(base, 'inputs.json'), JSON.stringify({ hash: 'unread', stamp, files: ['a.ts'] }));
  assert.equal(found(), join(base, 'main.js'));

  const later = new Date(Date.now() + 60_000);
  await utimes(source, later, later);
  assert.equal(found(), null);
  await writeFile(join(base, 'inputs.json'), JSON.stringify({ hash, stamp, files: ['a.ts'] }));
  assert.equal(found(), join(base, 'main.js'));

  await rm(source);
  assert.equal(found(), null);
});
