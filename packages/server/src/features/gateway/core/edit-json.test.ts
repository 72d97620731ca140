import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { setMembers } from './edit-json.ts';

const KEYS = ['type', 'stream', 'input', 'previous_response_id'];
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('a "quoted" \\ text', '}', ','));

test('members are set, removed and added wherever they stand, and nothing else changes', () => {
  const object = fc.uniqueArray(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string()), value), {
    selector: ([key]) => key,
    maxLength: 6,
  });
  const edits = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.oneof(value, fc.constant(undefined))), {
    selector: ([key]) => key,
  });
  fc.assert(
    fc.property(object, edits, fc.constantFrom(0, 1, 2), (members, changes, indent) => {
      const before = Object.fromEntries(members.filter(([key]) => key !== '__proto__'));
      const texts = Object.fromEntries(
        changes.map(([key, to]) => [key, to === undefined ? null : JSON.stringify(to)]),
      );
      const after = JSON.parse(
        setMembers(Buffer.from(JSON.stringify(before, null, indent)), texts).toString(),
      );
      const wanted: Record<string, unknown> = { ...before };
      for (const [key, to] of changes) {
        if (to === undefined) delete wanted[key];
        else wanted[key] = to;
      }
      assert.deepEqual(after, JSON.parse(JSON.stringify(wanted)));
    }),
  );
});
