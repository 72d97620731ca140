import type { ToolTable } from '../tool-table.ts';
import type { Cursor, Reading } from './cursor.ts';
import { CALL_KEYS, NAME_KEYS } from './json-calls.ts';

const MAX_KEY = 40;
const MAX_NAME = 160;
/** A whole message of the Chat Completions API begins with one of these, and then says nothing but calls. */
const MESSAGE_KEYS = new Set(['content', 'role']);

/**
 * Looks at the beginning of plain JSON: whether its first key is one that calls have and, where that is the name,
 * whether such a tool exists. Keeps ordinary JSON from being held back.
 */
export function* meansCall(cursor: Cursor, table: ToolTable): Reading<boolean> {
  if (yield* cursor.literal('[')) yield* cursor.spaces();
  if (!(yield* cursor.literal('{'))) return false;
  yield* cursor.spaces();
  if (!(yield* cursor.literal('"'))) return false;
  const key = yield* cursor.until(['"'], MAX_KEY);
  if (key && MESSAGE_KEYS.has(key.body)) return yield* beginsMessage(cursor);
  if (!key || !CALL_KEYS.includes(key.body)) return false;
  if (!NAME_KEYS.includes(key.body)) return true;
  yield* cursor.spaces();
  if (!(yield* cursor.literal(':'))) return false;
  yield* cursor.spaces();
  if (!(yield* cursor.literal('"'))) return key.body === 'function' && (yield* cursor.peek()) === '{';
  const name = yield* cursor.until(['"'], MAX_NAME);
  return name !== undefined && table.find(name.body) !== undefined;
}

function* beginsMessage(cursor: Cursor): Reading<boolean> {
  yield* cursor.spaces();
  if (!(yield* cursor.literal(':'))) return false;
  yield* cursor.spaces();
  return (yield* cursor.oneOf(['null', '""', '"assistant"'])) !== '';
}
