import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaFields, shown, written } from './schema-fields.ts';

const fields = schemaFields({
  properties: {
    type: { const: 'webhook' },
    url: { type: 'string', secret: true },
    repeat_every_s: { type: 'number' },
    kinds: { type: 'array', items: { enum: ['a', 'b'] }, default: ['a'] },
    to: { type: 'array', items: { type: 'string' } },
    headers: { type: 'object' },
    enabled: { type: 'boolean', default: true },
    quiet: { type: 'string', enum: ['follow', 'ignore'] },
  },
  required: ['url'],
});
const of = (name: string) => fields.find((field) => field.name === name) ?? assert.fail(name);

test('a schema becomes fields of the right kind, without what is fixed', () => {
  assert.deepEqual(
    fields.map(({ name, kind }) => `${name} ${kind}`),
    [
      'url text',
      'repeat_every_s number',
      'kinds choices',
      'to list',
      'headers pairs',
      'enabled check',
      'quiet choice',
    ],
  );
  assert.deepEqual([of('url').secret, of('url').required, of('kinds').fallback], [true, true, 'a']);
  assert.equal(of('repeat_every_s').label, 'Repeat every (s)');
});

test('what is shown is what is written, and an empty field takes the setting out', () => {
  for (const [name, value] of [
    ['url', 'https://x'],
    ['repeat_every_s', 60],
    ['kinds', ['a', 'b']],
    ['to', ['a@x', 'b@x']],
    ['headers', { 'x-a': 'b: c' }],
    ['enabled', false],
  ] as const) {
    assert.deepEqual(written(of(name), shown(of(name), value)), value, name);
  }
  assert.equal(written(of('url'), '  '), null);
  assert.equal(written(of('repeat_every_s'), 'soon'), 'soon');
});
