import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startTestControl } from '../../../server/src/testing/test-control.ts';
import { pointAt, runHere } from '../testing/run-here.ts';

const kept = new Map<string, string>();
const control = await startTestControl({
  secrets: { get: (name) => kept.get(name), set: async (name, value) => void kept.set(name, value) },
});
const home = mkdtempSync(join(tmpdir(), 'vigiles-plugin-verb-'));
pointAt(home, control.url, control.admin);
after(async () => {
  await control.close();
  rmSync(home, { recursive: true, force: true });
});
const plugin = (...args: string[]) => runHere('plugin', ...args, '--home', home);

/** An author's folder with this version. */
function folderOf(version: string, permissions: object = {}): string {
  const folder = join(home, `disk-watch-${version}`);
  mkdirSync(folder);
  const manifest = {
    id: 'disk-watch',
    name: 'Disk watch',
    version,
    description: 'Tells when a disk fills up.',
    license: 'MIT',
    author: 'Ada',
    engine: '*',
    permissions,
    provides: [{ kind: 'check', name: 'disk_full' }],
    main: 'main.js',
  };
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'main.js'), 'export {};\n');
  return folder;
}

test('from a folder to an installed plugin, each step with its verb', async () => {
  assert.match((await plugin('list')).stdout, /No plugin is installed/);
  const out = join(home, 'packed.tgz');
  const packed = await plugin('pack', folderOf('1.0.0'), '--out', out);
  assert.equal(packed.code, 0, packed.stderr);
  assert.match(packed.stdout, /nothing but compute/);
  assert.equal((await plugin('verify', out)).code, 0);
  assert.match((await plugin('publish', out)).stdout, /disk-watch 1\.0\.0 is published/);
  assert.match((await plugin('key')).stdout, /^ed25519:/);
  const again = await plugin('publish', out);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /never changes/);
  assert.match((await plugin('search', 'disk')).stdout, /disk-watch/);
  assert.match(
    (await plugin('install', 'disk-watch@1.0.0', '--disabled')).stdout,
    /disk-watch 1\.0\.0: installed/,
  );
  assert.match((await runHere('plugins', '--home', home)).stdout, /disk-watch .*disabled/);
  assert.match((await plugin('show', 'disk-watch')).stdout, /adds +check disk_full/);
});

test('new permissions are shown, and taken only with the word under which they were shown', async () => {
  const folder = folderOf('1.1.0', { network: ['api.example.org'], processes: true });
  assert.equal((await plugin('publish', folder)).code, 0);
  const shown = await plugin('update', 'disk-watch');
  assert.equal(shown.code, 5);
  assert.match(shown.stdout, /\+ reach api\.example\.org/);
  const word = /--accept ([0-9a-f]{12})/.exec(shown.stderr)?.[1] ?? '';
  assert.equal((await plugin('update', 'disk-watch', '--accept', 'ffffffffffff')).code, 5);
  const all = await plugin('update');
  assert.equal(all.code, 5);
  assert.match(all.stderr, /plugin update disk-watch --accept/);
  assert.match(
    (await plugin('update', 'disk-watch', '--accept', word)).stdout,
    /disk-watch 1\.1\.0: updated/,
  );
  assert.match((await plugin('rollback', 'disk-watch')).stdout, /1\.0\.0: rolled back/);
  assert.match((await plugin('uninstall', 'disk-watch')).stdout, /uninstalled/);
  assert.match((await plugin('registries')).stdout, /There are none/);
});

test('what is no plugin is told with every problem, before anything is sent', async () => {
  const folder = join(home, 'broken');
  mkdirSync(folder);
  writeFileSync(join(folder, 'plugin.json'), '{"id":"A","version":"1"}');
  const packed = await plugin('pack', folder);
  assert.equal(packed.code, 2);
  for (const part of ['id: ', 'version: ', 'name: ', 'main: ']) assert.ok(packed.stderr.includes(part), part);
  assert.equal((await plugin('publish', join(home, 'nothing'))).code, 2);
});
