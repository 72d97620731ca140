import { invokes, PLAIN_INVOKE } from '../reading/invokes.ts';
import type { TextFormat } from './text-format.ts';

const OPEN = '<minimax:tool_call>';

/** MiniMax M2: `<minimax:tool_call><invoke name="f"><parameter name="a">…</parameter></invoke></minimax:tool_call>`. */
export const minimax: TextFormat = {
  name: 'minimax',
  evidence: 'tag',
  opens: [OPEN],
  *read(cursor) {
    yield* cursor.literal(OPEN);
    return yield* invokes(cursor, {
      ...PLAIN_INVOKE,
      invoke: ['<invoke '],
      wrapper: ['</minimax:tool_call>'],
    });
  },
};
