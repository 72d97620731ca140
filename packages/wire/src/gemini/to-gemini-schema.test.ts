import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { JsonSchema, Loss } from '../canonical/index.ts';
import { fromGeminiSchema } from './from-gemini-schema.ts';
import { toGeminiSchema } from './to-gemini-schema.ts';

function convert(schema: JsonSchema): { schema: JsonSchema; lost: string[] } {
  const losses: Loss[] = [];
  return { schema: toGeminiSchema(schema, 'p', losses), lost: losses.map(({ what }) => what) };
}

test('what Gemini knows stays as it is, without a loss', () => {
  const schema = {
    type: 'object',
    description: 'd',
    properties: {
      a: { type: 'string', enum: ['x', 'y'], minLength: 1, pattern: '^x' },
      b: { type: 'array', items: { type: 'integer', format: 'int32', minimum: 0 }, maxItems: 3 },
      c: { anyOf: [{ type: 'string' }, { type: 'number' }] },
    },
    required: ['a'],
  };
  assert.deepEqual(convert(schema), { schema, lost: [] });
});

test('references are put in their place; those that meet themselves end somewhere', () => {
  const { schema } = convert({
    type: 'object',
    properties: { a: { $ref: '#/$defs/a~1b', description: 'own' }, bad: { $ref: '#/nowhere' } },
    $defs: { 'a/b': { type: 'string', description: 'theirs' } },
  });
  assert.deepEqual(schema.properties, { a: { type: 'string', description: 'own' }, bad: { type: 'string' } });
  const tree = convert({
    $ref: '#/definitions/node',
    definitions: {
      node: {
        type: 'object',
        properties: { left: { $ref: '#/definitions/node' }, right: { $ref: '#/definitions/node' } },
      },
    },
  });
  assert.ok(tree.lost.includes('schema nesting'));
  assert.ok(JSON.stringify(tree.schema).length < 1_000_000);
  const circle = convert({
    $ref: '#/$defs/a',
    $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
  });
  assert.deepEqual(circle.lost.includes('schema $ref'), true);
});

test('null becomes nullable, const and oneOf become enum and anyOf', () => {
  assert.deepEqual(convert({ type: ['string', 'null'] }).schema, { nullable: true, type: 'string' });
  assert.deepEqual(convert({ type: ['string', 'integer', 'null'] }).schema, {
    nullable: true,
    anyOf: [{ type: 'string' }, { type: 'integer' }],
  });
  assert.deepEqual(
    convert({ anyOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { type: 'null' }] }).schema,
    {
      nullable: true,
      type: 'object',
      properties: { a: { type: 'string' } },
    },
  );
  assert.deepEqual(convert({ const: 'x' }).schema, { type: 'string', enum: ['x'] });
  const { schema, lost } = convert({ oneOf: [{ const: 'x' }, { const: 'y' }] });
  assert.deepEqual(schema, {
    anyOf: [
      { type: 'string', enum: ['x'] },
      { type: 'string', enum: ['y'] },
    ],
  });
  assert.deepEqual(lost, ['schema oneOf']);
});

test('what has no counterpart is dropped and named', () => {
  const { schema, lost } = convert({
    $schema: 'x',
    type: 'object',
    additionalProperties: false,
    patternProperties: {},
    properties: {
      n: { type: 'integer', enum: [1, 2], exclusiveMinimum: 0 },
      u: { type: 'string', format: 'uri' },
      l: { type: 'array' },
      any: {},
    },
    required: ['n', 'gone'],
  });
  assert.deepEqual(schema, {
    type: 'object',
    properties: {
      n: { type: 'integer', description: 'One of: 1, 2.', minimum: 1 },
      u: { type: 'string' },
      l: { type: 'array', items: { type: 'string' } },
      any: { type: 'string' },
    },
    required: ['n'],
  });
  for (const what of ['patternProperties', 'additionalProperties', 'enum', 'format uri', 'without a type'])
    assert.ok(lost.includes(`schema ${what}`), what);
});

test('allOf becomes one schema', () => {
  const { schema, lost } = convert({
    allOf: [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { properties: { b: { type: 'boolean' } }, required: ['b'] },
    ],
  });
  assert.deepEqual(schema.properties, { a: { type: 'string' }, b: { type: 'boolean' } });
  assert.deepEqual(schema.required, ['a', 'b']);
  assert.deepEqual(lost, []);
});

test('hostile schemas never throw, and the result has Gemini’s fields only', () => {
  const any = fc.dictionary(
    fc.constantFrom(
      'type',
      '$ref',
      'anyOf',
      'allOf',
      'items',
      'properties',
      'enum',
      'const',
      'required',
      '__proto__',
      'nullable',
      'format',
    ),
    fc.anything({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(any, (schema) => {
      const { schema: out } = convert(schema);
      assert.ok(out.type !== undefined || out.anyOf !== undefined);
      assert.doesNotThrow(() => fromGeminiSchema(out));
    }),
    { numRuns: 300 },
  );
});
