import { balanced, callsInPython } from '../reading/python-calls.ts';
import type { TextFormat } from './text-format.ts';

/** Llama 3.2 and 4, and others: `[f(a=1), g(b="x")]` and nothing else. */
export const pythonic: TextFormat = {
  name: 'pythonic',
  evidence: 'bare',
  strict: true,
  opens: ['['],
  *read(cursor, { table }) {
    const { at } = cursor;
    yield* cursor.literal('[');
    yield* cursor.spaces();
    const name = yield* cursor.word();
    if (!table.find(name) || (yield* cursor.peek()) !== '(') return undefined;
    cursor.back(at);
    const code = yield* balanced(cursor);
    const calls = code === undefined ? undefined : callsInPython(code);
    return calls && { calls };
  },
};
