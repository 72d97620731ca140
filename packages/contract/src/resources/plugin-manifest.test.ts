import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PluginFilePath, PluginId, PluginManifest, PluginVersion } from './plugin-manifest.ts';
import { PluginHost, PluginPlace } from './plugin-permissions.ts';

const good = {
  id: 'disk-watch',
  name: 'Disk watch',
  version: '1.2.0-beta.1',
  description: 'Tells when a disk fills up.',
  license: 'MIT',
  author: 'Ada',
  engine: '>=0.1.0 <2',
  provides: [{ kind: 'check', name: 'disk_full' }],
  main: 'src/main.js',
};

const takes = (schema: { safeParse(text: string): { success: boolean } }, texts: readonly string[]) =>
  texts.filter((text) => !schema.safeParse(text).success);
const refuses = (schema: { safeParse(text: string): { success: boolean } }, texts: readonly string[]) =>
  texts.filter((text) => schema.safeParse(text).success);

test('a manifest that asks for nothing is granted nothing', () => {
  const { permissions, dependencies, category } = PluginManifest.parse(good);
  assert.deepEqual(permissions, {
    network: [],
    files: { read: [], write: [] },
    secrets: [],
    env: [],
    processes: false,
  });
  assert.deepEqual(dependencies, {});
  assert.equal(category, 'other');
});

test('every problem of a manifest is told at once', () => {
  const bad = { ...good, id: '../x', version: '1.0', license: '', main: '/etc/passwd', permission: {} };
  const told = PluginManifest.safeParse(bad).error?.issues.map(
    ({ path, code }) => path.join('.') || (code === 'unrecognized_keys' ? 'unknown key' : code),
  );
  assert.deepEqual([...new Set(told)].toSorted(), ['id', 'license', 'main', 'unknown key', 'version']);
});

test('an id is one folder and one address on every system', () => {
  assert.deepEqual(takes(PluginId, ['ab', 'disk-watch', 'a1-b2-c3']), []);
  const hostile = [
    '',
    'a',
    '..',
    '.',
    'a/b',
    'a\\b',
    'A',
    'Disk',
    '%2e%2e',
    'a%2fb',
    'a-',
    '-a',
    'a--b',
    '1a',
  ];
  assert.deepEqual(
    refuses(PluginId, [
      ...hostile,
      'con',
      'aux',
      'lpt1',
      'a b',
      'a.b',
      'ä1',
      'ab\n',
      'publish',
      'x'.repeat(65),
    ]),
    [],
  );
});

test('a version is a whole semantic version without build metadata', () => {
  assert.deepEqual(takes(PluginVersion, ['0.0.1', '1.0.0-beta.2', '1.0.0-0a', '10.20.30-rc-1.x']), []);
  const bad = ['1', '1.0', 'v1.0.0', '01.0.0', '1.0.0+build', '1.0.0-01', '1.0.0-', '1.0.0-a..b', ' 1.0.0'];
  assert.deepEqual(refuses(PluginVersion, [...bad, '1.0.0\n', '../1.0.0', `${'9'.repeat(16)}.0.0`]), []);
});

test('a path stays within what it names', () => {
  assert.deepEqual(takes(PluginFilePath, ['main.js', 'src/main.js', '.hidden/a', 'a..b']), []);
  assert.deepEqual(
    refuses(PluginFilePath, [
      '',
      '/a',
      '../a',
      'a/../b',
      'a/./b',
      'a//b',
      'a/',
      'C:\\a',
      'a\\b',
      'a\0',
      '..',
    ]),
    [],
  );
  assert.deepEqual(takes(PluginPlace, ['/', '/var/log', '~/notes', '/a b/ü']), []);
  assert.deepEqual(
    refuses(PluginPlace, ['var', '', '/a/../b', '/a//b', '/a/', '~root/x', '/a\\b', '/a\0', '~', '/.']),
    [],
  );
});

test('a host is a name in lower case, with a star only before all of it', () => {
  assert.deepEqual(takes(PluginHost, ['*', 'api.example.org', '*.example.org:443', '127.0.0.1:80']), []);
  assert.deepEqual(
    refuses(PluginHost, [
      '',
      'a.*.b',
      '*a.b',
      'API.example.org',
      'https://a.b',
      'a.b/c',
      'a..b',
      '-a',
      'a b',
    ]),
    [],
  );
});
