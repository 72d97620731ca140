import type { Cursor, Reading } from '../reading/cursor.ts';
import { callsInPython } from '../reading/python-calls.ts';
import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { taggedJson } from '../reading/tagged-json.ts';
import type { RawCall } from '../types.ts';
import type { Found, TextFormat } from './text-format.ts';

const APERTUS = '<|tools_prefix|>';
/** LFM 2, Nemotron Nano, LongCat, InternLM, Apertus: the card of each names its pair. */
const PAIRS = new Map([
  ['<|tool_call_start|>', '<|tool_call_end|>'],
  ['<TOOLCALL>', '</TOOLCALL>'],
  ['<longcat_tool_call>', '</longcat_tool_call>'],
  ['<|action_start|><|plugin|>', '<|action_end|>'],
  [APERTUS, '<|tools_suffix|>'],
]);
const OPENS = [...PAIRS.keys()];
const LONGCAT_ARGUMENT =
  /<longcat_arg_key>(.*?)<\/longcat_arg_key>\s*<longcat_arg_value>([\s\S]*?)<\/longcat_arg_value>/g;

/** Families with tokens of their own around JSON, Python or GLM-like arguments. */
export const wrapped: TextFormat = {
  name: 'wrapped',
  evidence: 'token',
  opens: OPENS,
  *read(cursor) {
    const opener = yield* cursor.oneOf(OPENS);
    const closer = PAIRS.get(opener) ?? '';
    const bodyStart = cursor.at;
    if (opener !== APERTUS) {
      const json = yield* taggedJson(cursor, [closer], opener);
      if (json && json.calls.length > 0) return json;
      cursor.back(bodyStart);
    }
    return yield* otherBody(cursor, closer);
  },
};

function* otherBody(cursor: Cursor, closer: string): Reading<Found | undefined> {
  const until = yield* cursor.until([closer]);
  if (!until) return undefined;
  const body = until.body.trim();
  const calls = namedByKey(parseLenient(body)?.value) ?? callsInPython(body) ?? longcat(body);
  return calls && { calls };
}

/** Apertus: `[{"f": {…}}]`. */
function namedByKey(value: unknown): RawCall[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const calls: RawCall[] = [];
  for (const each of value) {
    const [entry, another] = Object.entries(asRecord(each) ?? {});
    if (!entry || another) return undefined;
    calls.push({ name: entry[0], args: { form: 'json', value: entry[1] } });
  }
  return calls;
}

/** LongCat: the name, and pairs of key and value. */
function longcat(body: string): RawCall[] | undefined {
  const name = /^[\w.:/-]{1,160}/.exec(body)?.[0];
  if (name === undefined || body.slice(name.length).replaceAll(LONGCAT_ARGUMENT, '').trim() !== '')
    return undefined;
  const values = new Map<string, string>();
  for (const [, key, value] of body.matchAll(LONGCAT_ARGUMENT))
    if (key && value !== undefined) values.set(key, value);
  return [{ name, args: { form: 'values', values, typed: new Set() } }];
}
