import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configJsonSchema, knownKeys } from './schema-keys.ts';

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
}

test('every key of the published schema is known at its place, and no other at the top', () => {
  let seen = 0;
  const walk = (node: Node, path: (string | number)[]): void => {
    for (const other of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) walk(other, path);
    if (node.items) walk(node.items, [...path, 0]);
    for (const [key, inside] of Object.entries(node.properties ?? {})) {
      assert.ok(knownKeys(path).includes(key), [...path, key].join('.'));
      seen += 1;
      walk(inside, [...path, key]);
    }
  };
  const schema = configJsonSchema() as Node;
  walk(schema, []);
  assert.ok(seen > 200, `${seen} keys`);
  assert.deepEqual(knownKeys([]).toSorted(), Object.keys(schema.properties ?? {}).toSorted());
  assert.deepEqual(knownKeys(['nowhere', 'at all']), []);
});
