import { taggedJson } from '../reading/tagged-json.ts';
import type { TextFormat } from './text-format.ts';

const TAGS = ['tool_call', 'tool_calls', 'function_call', 'tool_use', 'toolcall', 'tool'];
const OPENS = TAGS.map((tag) => `<${tag}>`);

/** Hermes, Qwen 2.5 and 3, Granite 4, MiniMax M1: `<tool_call>{"name": …, "arguments": …}</tool_call>`. */
export const hermes: TextFormat = {
  name: 'hermes',
  evidence: 'tag',
  opens: OPENS,
  *read(cursor) {
    const opener = yield* cursor.oneOf(OPENS);
    return yield* taggedJson(cursor, [`</${opener.slice(1)}`], opener);
  },
};
