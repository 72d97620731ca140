import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PluginDeclaration, PluginManifest, PluginProvisionKind, VigilesConfig } from '@vigiles/contract';
import { readYaml } from '@vigiles/server/read-yaml';
import { newPluginVerb } from './plugin-new.ts';

const root = mkdtempSync(join(tmpdir(), 'vigiles-new-plugin-'));
after(() => rmSync(root, { recursive: true, force: true }));
const kinds = [...PluginProvisionKind.options];
const folder = join(root, 'my-plugin');
await newPluginVerb('my-plugin', { kind: kinds, folder });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

test('a new plugin has a valid manifest, and its own tests pass with nothing installed', () => {
  const manifest = PluginManifest.parse(JSON.parse(read('plugin.json')));
  assert.deepEqual(
    manifest.provides.map(({ kind }) => kind),
    kinds,
  );
  const env = { ...process.env };
  delete env['NODE_TEST_CONTEXT'];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', 'test/my-plugin.test.mjs'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
});

test('its data are valid, and every example of its README is a valid configuration', async () => {
  const { plugin } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    plugin: { providers: object; toolCallFormats: object };
  };
  PluginDeclaration.parse({ providers: plugin.providers, tool_call_formats: plugin.toolCallFormats });
  const blocks = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  assert.equal(blocks.length, kinds.length);
  for (const block of blocks) {
    const read = readYaml(block);
    VigilesConfig.parse(read.ok ? read.value : read.message);
  }
});

test('its face has the names of the SDK’s, and its types are the SDK’s', async () => {
  const source = readFileSync(new URL('../../../sdk/src/plugin/index.ts', import.meta.url), 'utf8');
  const names = [...source.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name).toSorted();
  const face = (await import(pathToFileURL(join(folder, 'vigiles.mjs')).href)) as object;
  assert.deepEqual(Object.keys(face).toSorted(), names);
  const types = read('vigiles.d.mts');
  assert.match(types, /export interface PluginContext/);
  for (const name of names) assert.ok(types.includes(`export declare const ${name}:`), name);
});

test('a folder with something in it is left as it is, and a name that cannot be an id is refused', async () => {
  const before = readdirSync(folder);
  await assert.rejects(newPluginVerb('my-plugin', { kind: ['check'], folder }), /is there already/);
  assert.deepEqual(readdirSync(folder), before);
  for (const name of ['../x', 'My Plugin', 'con', ''])
    await assert.rejects(
      newPluginVerb(name, { kind: ['check'], folder: join(root, 'bad') }),
      /cannot be the id/,
    );
});
