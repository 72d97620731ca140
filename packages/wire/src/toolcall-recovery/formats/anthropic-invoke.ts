import { invokes, oneInvoke, PLAIN_INVOKE } from '../reading/invokes.ts';
import type { TextFormat } from './text-format.ts';

const OPENS = ['<function_calls>', '<tool_calls>', '<tool_call>'];

/** `<function_calls><invoke name="f"><parameter name="a">…</parameter></invoke></function_calls>`, wrapped or not. */
export const anthropicInvoke: TextFormat = {
  name: 'invoke',
  evidence: 'tag',
  opens: [...OPENS, '<invoke '],
  *read(cursor) {
    const opener = yield* cursor.oneOf(OPENS);
    if (opener) {
      return yield* invokes(cursor, {
        ...PLAIN_INVOKE,
        invoke: ['<invoke '],
        wrapper: [`</${opener.slice(1)}`],
      });
    }
    yield* cursor.literal('<invoke ');
    const call = yield* oneInvoke(cursor, PLAIN_INVOKE);
    return call && { calls: [call] };
  },
};
