import { asRecord } from '../../json/read.ts';
import type { RawCall } from '../types.ts';

/** Keys under which the name of the tool stands. */
export const NAME_KEYS = ['name', 'tool', 'tool_name', 'function', 'function_name', 'toolName', 'action'];
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input', 'tool_input', 'params', 'kwargs'];
const ARGUMENT_KEYS_MORE = ['action_input', 'toolInput', 'parameter', 'argument'];
/** Keys an object that means a call can begin with. */
export const CALL_KEYS = [
  ...NAME_KEYS,
  ...ARGUMENT_KEYS,
  ...ARGUMENT_KEYS_MORE,
  'tool_calls',
  'tool_call_id',
  'type',
  'id',
];

export interface JsonCalls {
  calls: RawCall[];
  malformed: number;
  /** Every call had its arguments spelled out. */
  explicit: boolean;
}

/** The calls in a JSON value: `{name, arguments}` in all its spellings, lists of them, and `{tool_calls: […]}`. */
export function callsInJson(value: unknown): JsonCalls {
  const found: JsonCalls = { calls: [], malformed: 0, explicit: true };
  const list = Array.isArray(value) ? value : (asRecord(value)?.['tool_calls'] ?? [value]);
  for (const each of Array.isArray(list) ? list : [list]) {
    const read = callOf(each);
    if (read) found.calls.push(read.call);
    else found.malformed++;
    if (!read?.explicit) found.explicit = false;
  }
  return found;
}

function callOf(value: unknown): { call: RawCall; explicit: boolean } | undefined {
  const record = asRecord(value);
  if (!record) return undefined;
  const inner = asRecord(record['function']);
  if (inner) return callOf(inner);
  const nameKey = NAME_KEYS.find((key) => typeof record[key] === 'string' && record[key] !== '');
  if (nameKey === undefined) return undefined;
  const argumentKey = [...ARGUMENT_KEYS, ...ARGUMENT_KEYS_MORE].find((key) => record[key] !== undefined);
  const args = { form: 'json' as const, value: argumentKey === undefined ? undefined : record[argumentKey] };
  return { call: { name: record[nameKey] as string, args }, explicit: argumentKey !== undefined };
}
