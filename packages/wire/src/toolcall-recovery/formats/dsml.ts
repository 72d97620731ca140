import { invokes, oneInvoke, type InvokeTags } from '../reading/invokes.ts';
import type { TextFormat } from './text-format.ts';

const BARS = ['｜', '|', '｜｜', '||'];
const tags = (slash: '' | '/', words: string): string[] =>
  BARS.flatMap((left) => BARS.map((right) => `<${slash}${left}DSML${right}${words}`));

const OPEN = [...tags('', 'function_calls>'), ...tags('', 'tool_calls>')];
const INVOKE = tags('', 'invoke ');
const TAGS: InvokeTags = {
  invoke: INVOKE,
  open: tags('', 'parameter '),
  close: [...tags('/', 'parameter>'), '</parameter>'],
  end: [...tags('/', 'invoke>'), '</invoke>'],
  wrapper: [...tags('/', 'function_calls>'), ...tags('/', 'tool_calls>')],
};

/** DeepSeek V3.2 and later: `<｜DSML｜invoke name="f"><｜DSML｜parameter name="a" string="true">…`, with `|` or `｜`. */
export const dsml: TextFormat = {
  name: 'dsml',
  evidence: 'token',
  opens: [...OPEN, ...INVOKE],
  *read(cursor) {
    if (yield* cursor.oneOf(OPEN)) return yield* invokes(cursor, TAGS);
    yield* cursor.oneOf(INVOKE);
    const call = yield* oneInvoke(cursor, TAGS);
    return call && { calls: [call] };
  },
};
