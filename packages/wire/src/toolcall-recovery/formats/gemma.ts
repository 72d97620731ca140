import { callsInPython } from '../reading/python-calls.ts';
import type { TextFormat } from './text-format.ts';

/** Gemma: a fence named `tool_code` with Python calls, printed or not. */
export const gemma: TextFormat = {
  name: 'gemma',
  evidence: 'tag',
  opens: ['```tool_code'],
  *read(cursor) {
    yield* cursor.literal('```tool_code');
    if (!(yield* cursor.spaces())) return undefined;
    const until = yield* cursor.until(['```']);
    const calls = until && callsInPython(until.body.trim());
    return calls && { calls };
  },
};
