import type { Cursor, Reading } from '../reading/cursor.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { ToolTable } from '../tool-table.ts';
import type { Found, TextFormat } from './text-format.ts';

const MAX_HEADER = 240;
const ENDS = ['<|call|>', '<|end|>', '<|return|>'];
const LEAKED = ['commentary to=functions.', 'assistantcommentary to=functions.'];
/** Thinking whose tokens were lost: the channel's name runs into its first word. */
const THOUGHT = 'analysis';

/** gpt-oss: `<|channel|>commentary to=functions.f <|constrain|>json<|message|>{…}<|call|>`, also with tokens lost. */
export const harmony: TextFormat = {
  name: 'harmony',
  evidence: 'token',
  opens: ['<|channel|>commentary', '<|channel|>analysis to=', '<|start|>assistant', ...LEAKED, THOUGHT],
  *read(cursor, { table }) {
    const before = cursor.at;
    if (yield* cursor.literal(THOUGHT)) {
      if (!/[A-Z]/.test(yield* cursor.peek()) || !(yield* cursor.until([`assistant${LEAKED[0]}`])))
        return undefined;
      return yield* leaked(cursor, table);
    }
    if ((yield* cursor.oneOf(LEAKED)) !== '') return yield* leaked(cursor, table);
    const header = yield* cursor.until(['<|message|>', '<|end|>', '<|return|>'], MAX_HEADER);
    if (header?.closer !== '<|message|>') return undefined;
    const name = /\sto=([\w.:/-]{1,160})/.exec(cursor.text.slice(before, cursor.at))?.[1];
    if (name === undefined || !table.find(name)) return undefined;
    const bodyStart = cursor.at;
    yield* cursor.spaces();
    const text = yield* jsonValue(cursor);
    if (text !== undefined) {
      yield* cursor.spaces();
      const closed = (yield* cursor.oneOf(ENDS)) || (!(yield* cursor.more()) && !cursor.overflowed);
      if (closed) return { calls: [{ name, args: { form: 'json', value: parseLenient(text)?.value } }] };
    }
    cursor.back(bodyStart);
    const free = yield* cursor.until(ENDS);
    return free && { calls: [{ name, args: { form: 'json', value: free.body } }] };
  },
};

/** After `to=functions.`, where the tokens before it were lost and those after it perhaps, too. */
function* leaked(cursor: Cursor, table: ToolTable): Reading<Found | undefined> {
  const name = yield* cursor.word();
  yield* cursor.spaces();
  yield* cursor.literal('<|constrain|>');
  yield* cursor.oneOf(['json', 'code']);
  yield* cursor.literal('<|message|>');
  yield* cursor.spaces();
  const text = table.find(name) ? yield* jsonValue(cursor) : undefined;
  if (text === undefined) return undefined;
  return { calls: [{ name, args: { form: 'json', value: parseLenient(text)?.value } }] };
}
