import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PluginPermissions } from '@vigiles/contract';
import { permissionsAsText } from './plugin-face.ts';

test('who asks for nothing is told as such, and what is grave is marked', () => {
  assert.deepEqual(permissionsAsText(PluginPermissions.parse({})), []);
  const told = permissionsAsText(
    PluginPermissions.parse({ network: ['*'], files: { read: ['/var/log'] }, processes: true }),
  );
  assert.deepEqual(
    told.map(({ text, grave }) => [text, grave]),
    [
      ['Reach any host', true],
      ['Read files', false],
      ['Start processes: it can do whatever this account can', true],
    ],
  );
});
