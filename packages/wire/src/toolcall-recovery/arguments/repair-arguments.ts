import type { JsonSchema } from '../../canonical/index.ts';
import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { CallableTool, FaultSignal, Repair, RepairKind } from '../types.ts';
import { coerceProperties } from './coerce.ts';
import { asWords, commandProperty } from './command-line.ts';
import { areSynonyms } from './near-names.ts';
import { renameProperties } from './rename-properties.ts';
import { repairCustomInput } from './repair-custom-input.ts';
import { requiredOf } from './schema.ts';
import { unwrapArguments, unwrapText } from './unwrap-arguments.ts';

export interface RepairedArguments {
  /** The input to deliver; the very same text when nothing was repaired. */
  input: string;
  repairs: Repair[];
  faults: FaultSignal[];
}

const MAX_STRINGS = 4;
/** Integers that JavaScript cannot hold: a repair would change them, so there is none. */
const LONG_NUMBER = /[:[,\s]-?\d{16}/;

/**
 * Puts right what is nearly right in a call's arguments: JSON in a string, missing brackets at the end, types and
 * names by the schema. Never invents a required argument; where it is not sure the input stays as it is.
 */
export function repairArguments(call: { input: string }, definition: CallableTool): RepairedArguments {
  const same: RepairedArguments = { input: call.input, repairs: [], faults: [] };
  if (definition.kind === 'custom') return repairCustomInput(call.input, definition) ?? same;
  if (call.input.trim() === '') return same;
  const { name: tool, parameters: schema } = definition;
  const repairs: Repair[] = [];
  const note = (kind: RepairKind, detail: string): void => void repairs.push({ kind, tool, detail });
  const args = readObject(call.input, note);
  if (!args) return { ...same, faults: commandFaults(call.input, undefined, schema) };
  const faults: FaultSignal[] = [];
  const fitted = fitArguments(args, schema, tool, note, faults);
  faults.push(...commandFaults(call.input, fitted, schema));
  if (repairs.length === 0) return { ...same, faults };
  if (LONG_NUMBER.test(call.input) || missing(fitted, schema)) return { ...same, faults };
  return { input: JSON.stringify(fitted), repairs, faults };
}

/** Whether something the schema requires is not there. */
export function missing(args: Record<string, unknown>, schema: JsonSchema): boolean {
  return requiredOf(schema).some((name) => args[name] === undefined);
}

function readObject(
  input: string,
  note: (kind: RepairKind, detail: string) => void,
): Record<string, unknown> | undefined {
  let text = input;
  for (let layer = 0; layer < MAX_STRINGS; layer++) {
    const read = parseLenient(text);
    if (!read) return undefined;
    if (read.closed) note('closed-json', 'missing brackets or quote at the end');
    if (read.lenient) note('lenient-json', 'not quite JSON');
    if (typeof read.value !== 'string') return asRecord(read.value);
    note('double-encoded', 'JSON in a string');
    text = read.value;
  }
  return undefined;
}

function fitArguments(
  given: Record<string, unknown>,
  schema: JsonSchema,
  tool: string,
  note: (kind: RepairKind, detail: string) => void,
  faults: FaultSignal[],
): Record<string, unknown> {
  const inner = unwrapArguments(given, schema, tool);
  if (inner) note('unwrapped', 'arguments inside arguments');
  const renamed = renameProperties(inner ?? given, schema, (from, to) => {
    note('argument-name', `${from} → ${to}`);
    if (areSynonyms(to, 'command')) faults.push({ fault: 'C9', detail: `${from} for ${to}` });
  });
  const entries = Object.entries(renamed).map(([key, value]): [string, unknown] => {
    const text = unwrapText(key, value, schema);
    if (text === undefined) return [key, value];
    note('unwrapped', `${key} inside ${key}`);
    faults.push({ fault: 'C4', detail: `${key} was wrapped twice` });
    return [key, text];
  });
  let args: Record<string, unknown> = Object.fromEntries(entries);
  const command = commandProperty(schema);
  const line = command?.words ? args[command.name] : undefined;
  if (command && typeof line === 'string' && !line.trimStart().startsWith('[')) {
    args = { ...args, [command.name]: asWords(line) };
    note('argument-type', `${command.name}: a line → words`);
  }
  return coerceProperties(args, schema, '', (path, change) => note('argument-type', `${path}: ${change}`));
}

/** What the catalogue wants to know of a command: still JSON, or empty. */
function commandFaults(
  input: string,
  args: Record<string, unknown> | undefined,
  schema: JsonSchema,
): FaultSignal[] {
  const command = commandProperty(schema);
  if (!command) return [];
  if (!args)
    return input.trimStart().startsWith('{') ? [{ fault: 'C5', detail: 'unreadable arguments' }] : [];
  const value = args[command.name];
  const text = Array.isArray(value) ? value.join(' ') : value;
  if (text === undefined || typeof text !== 'string') return [];
  if (text.trim() === '' || text.trim() === '{}')
    return [{ fault: 'C6', detail: `${command.name} is empty` }];
  return text.trimStart().startsWith('{') ? [{ fault: 'C5', detail: `${command.name} is still JSON` }] : [];
}
