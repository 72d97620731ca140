import { asRecord } from '../../json/read.ts';
import type { CallableTool } from '../types.ts';
import { isOfType, propertiesOf, requiredOf, typesOf } from './schema.ts';

const MAX_DEPTH = 12;

/**
 * Whether a call's arguments are certainly as the tool wants them, so that there is nothing to repair or to report.
 * False only says that they must be looked at closely.
 */
export function fitsTool(input: string, tool: CallableTool): boolean {
  if (tool.kind === 'custom') return false;
  let args;
  try {
    args = asRecord(JSON.parse(input));
  } catch {
    return false;
  }
  if (!args) return false;
  const declared = propertiesOf(tool.parameters);
  for (const key in args) {
    if (!Object.hasOwn(declared, key) || !fits(args[key], declared[key], 0)) return false;
  }
  for (const name of requiredOf(tool.parameters)) if (args[name] === undefined) return false;
  return true;
}

function fits(value: unknown, schema: unknown, depth: number): boolean {
  const types = typesOf(schema);
  if (depth > MAX_DEPTH || !types || !isOfType(value, types)) return false;
  const record = asRecord(schema);
  if (!record) return false;
  if (typeof value === 'string') return isPlain(value) && listed(value, record['enum']);
  if (Array.isArray(value)) {
    const { items } = record;
    return items === undefined || value.every((each) => fits(each, items, depth + 1));
  }
  const object = asRecord(value);
  if (!object) return true;
  const declared = propertiesOf(record);
  return Object.entries(object).every(
    ([key, each]) => !Object.hasOwn(declared, key) || fits(each, declared[key], depth + 1),
  );
}

/** Not empty, and not an object written as text. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  return first > 32 && first !== 123;
}

function listed(value: string, members: unknown): boolean {
  return !Array.isArray(members) || members.includes(value);
}
