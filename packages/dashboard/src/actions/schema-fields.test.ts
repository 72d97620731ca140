import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fieldsOf, paramsFrom } from './schema-fields.ts';

const schema = {
  type: 'object',
  properties: {
    for_s: { type: 'number', default: 900, description: 'How long.' },
    kind: { type: 'string', enum: ['disk', 'memory'] },
    force: { type: 'boolean', default: false },
    name: { type: 'string' },
    deep: { type: 'object' },
  },
  required: ['name'],
};

it('a schema becomes fields, and what a form cannot show is left out', () => {
  const fields = fieldsOf(schema);
  assert.deepEqual(
    fields.map(({ name, kind, initial, required }) => [name, kind, initial, required]),
    [
      ['for_s', 'number', '900', false],
      ['kind', 'choice', '', false],
      ['force', 'check', 'false', false],
      ['name', 'text', '', true],
    ],
  );
  assert.equal(fields[0]?.label, 'For (s)');
});

it('what was typed becomes parameters of the right types, and empty ones are left to their defaults', () => {
  const fields = fieldsOf(schema);
  assert.deepEqual(paramsFrom(fields, { for_s: '60', force: 'true', name: ' x ' }), {
    for_s: 60,
    force: true,
    name: 'x',
  });
  assert.deepEqual(paramsFrom(fields, { for_s: 'soon' }), { for_s: 'soon', force: false });
});
