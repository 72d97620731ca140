import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { measureStrictSchema } from './strict-schema.ts';

const closed = (properties: Record<string, unknown>, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

test('a schema within the subset is measured: what is optional, and what has several types', () => {
  const schema = closed(
    {
      path: { type: 'string', description: 'd', format: 'uri' },
      mode: { enum: ['a', 'b', null] },
      lines: { type: 'array', items: { $ref: '#/$defs/line' }, minItems: 1 },
      limit: { type: ['integer', 'null'] },
      more: { anyOf: [{ type: 'string' }, closed({ a: { const: 1 } }, { required: [] })] },
    },
    { required: ['path'], $defs: { line: closed({ n: { type: 'number' } }) }, title: 't' },
  );
  assert.deepEqual(measureStrictSchema(schema), { optional: 5, unions: 2 });
});

test('what Anthropic refuses in a schema is named', () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ type: 'string', maxLength: 3 }, 'maxLength'],
    [{ type: 'string', pattern: '^a' }, 'pattern'],
    [{ oneOf: [{ type: 'string' }] }, 'oneOf'],
    [{ type: 'string', format: 'date-time-ish' }, 'the format "date-time-ish"'],
    [{ type: 'array', items: { type: 'string' }, minItems: 2 }, 'minItems above 1'],
    [{ type: 'array', items: { type: 'string' }, uniqueItems: true }, 'uniqueItems'],
    [{ enum: [{ a: 1 }] }, 'an enum of objects'],
    [{ type: 'object', properties: {} }, 'an object that is open to further properties'],
    [{ description: 'anything' }, 'a value of any type'],
    [{ $ref: 'https://example.com/schema' }, 'a reference out of it'],
    [{ $ref: '#/$defs/none' }, 'a reference out of it'],
  ];
  for (const [a, why] of cases) assert.equal(measureStrictSchema(closed({ a })), why);
  const tree = { $ref: '#/$defs/tree' };
  const grown = closed({ a: tree }, { $defs: { tree: closed({ left: tree }) } });
  assert.equal(measureStrictSchema(grown), 'recursion');
});

test('a schema that unfolds without end, or is no schema at all, is read in bounded time', () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => {
      const next = at === 39 ? { type: 'string' } : { $ref: `#/$defs/d${at + 1}` };
      return [`d${at}`, closed({ a: next, b: next })];
    }),
  );
  assert.equal(measureStrictSchema(closed({ a: { $ref: '#/$defs/d0' } }, { $defs })), 'so much in it');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (schema) => void measureStrictSchema(schema)),
  );
});
