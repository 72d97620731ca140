import { callsInJson } from '../reading/json-calls.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { meansCall } from '../reading/means-call.ts';
import type { TextFormat } from './text-format.ts';

/** Languages under which models put calls; a fence of any other is quoted text. */
const LANGUAGES = new Set([
  '',
  'json',
  'xml',
  'tool_call',
  'tool_calls',
  'tool_use',
  'tool',
  'function',
  'function_call',
]);

/** A call in a code fence that is the last thing said: JSON, or any tagged format. */
export const fenced: TextFormat = {
  name: 'fenced',
  evidence: 'bare',
  strict: true,
  opens: ['```'],
  *read(cursor, context) {
    yield* cursor.literal('```');
    const language = yield* cursor.word(24);
    if (!LANGUAGES.has(language) || !(yield* cursor.spaces())) return undefined;
    const bodyStart = cursor.at;
    const mark = yield* cursor.peek();
    if (mark === '{' || mark === '[') {
      if (!(yield* meansCall(cursor, context.table))) return undefined;
    } else if (mark !== '<') return undefined;
    cursor.back(bodyStart);
    const until = yield* cursor.until(['\n```']);
    if (!until) return undefined;
    if (mark === '<') return context.readAll(until.body);
    const value = parseLenient(until.body.trim());
    const read = value && !value.closed ? callsInJson(value.value) : undefined;
    return read?.explicit && read.malformed === 0 ? read : undefined;
  },
};
