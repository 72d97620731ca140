import { asRecord } from '../json/read.ts';
import { asWords, commandProperty } from './arguments/command-line.ts';
import { missing, repairArguments } from './arguments/repair-arguments.ts';
import { propertiesOf, typesOf } from './arguments/schema.ts';
import { parseLenient } from './reading/lenient-json.ts';
import type { FoundTool, ToolTable } from './tool-table.ts';
import type { CallableTool, FaultSignal, RawCall, RecoveredCall, Repair } from './types.ts';

/**
 * Holds a call against the declared tools: only a declared name, with all it requires.
 * `strict`: the words around it are weak evidence, so that every argument must be one the tool knows.
 */
export function acceptCall(
  raw: RawCall,
  table: ToolTable,
  format: string,
  signal: (fault: FaultSignal) => void,
  strict = false,
): RecoveredCall | undefined {
  const found = table.find(raw.name);
  if (!found || (strict && found.near && !raw.name.includes('.'))) return undefined;
  const { tool } = found;
  const input = inputOf(raw, tool);
  if (input === undefined) return undefined;
  const repaired = repairArguments({ input }, tool);
  if (tool.kind !== 'custom' && !isComplete(repaired.input, tool, strict)) return undefined;
  for (const fault of repaired.faults) signal(fault);
  const repairs: Repair[] = [
    { kind: 'text-call', tool: tool.name, detail: format },
    ...nameRepair(found, raw),
    ...(raw.lenient ? [{ kind: raw.lenient, tool: tool.name, detail: 'the call itself' }] : []),
    ...repaired.repairs.filter(({ kind }) => raw.args.form !== 'values' || kind !== 'argument-type'),
  ];
  const call: RecoveredCall = { kind: tool.kind, name: tool.name, input: repaired.input, format, repairs };
  if ('namespace' in tool && tool.namespace) call.namespace = tool.namespace;
  return call;
}

function nameRepair({ tool, near }: FoundTool, raw: RawCall): Repair[] {
  return near
    ? [{ kind: 'tool-name', tool: tool.name, detail: `${raw.name.slice(0, 80)} → ${tool.name}` }]
    : [];
}

function isComplete(
  input: string,
  tool: Exclude<CallableTool, { kind: 'custom' }>,
  strict: boolean,
): boolean {
  const args = asRecord(parse(input));
  if (!args || missing(args, tool.parameters)) return false;
  const declared = propertiesOf(tool.parameters);
  const keys = Object.keys(args);
  const strange = keys.filter((key) => !Object.hasOwn(declared, key));
  if (strict) return strange.length === 0;
  // Nothing of what the tool knows: another tool was meant, or none.
  return strange.length === 0 || strange.length < keys.length || Object.keys(declared).length === 0;
}

function inputOf({ args }: RawCall, tool: CallableTool): string | undefined {
  if (args.form === 'json') return jsonInput(args.value, tool);
  if (args.form === 'values') return valuesInput(args.values, args.typed, tool);
  if (tool.kind === 'custom') return args.text;
  const command = commandProperty(tool.parameters);
  if (!command || args.text === '') return undefined;
  return JSON.stringify({ [command.name]: command.words ? asWords(args.text) : args.text });
}

function jsonInput(value: unknown, tool: CallableTool): string | undefined {
  if (value === undefined || value === null) return tool.kind === 'custom' ? undefined : '{}';
  if (typeof value === 'string') return value === '' && tool.kind !== 'custom' ? '{}' : value;
  return typeof value === 'object' ? JSON.stringify(value) : undefined;
}

/** Words between tags: text where the schema says text, JSON where it says anything else. */
function valuesInput(
  values: ReadonlyMap<string, string>,
  typed: ReadonlySet<string>,
  tool: CallableTool,
): string | undefined {
  if (tool.kind === 'custom') {
    const only = values.size === 1 ? [...values.values()][0] : undefined;
    return only;
  }
  const declared = propertiesOf(tool.parameters);
  const entries = [...values].map(([key, text]) => {
    const types = typesOf(Object.hasOwn(declared, key) ? declared[key] : undefined);
    if (types?.includes('string') && !typed.has(key)) return [key, text] as const;
    const read = /^\s*[[{"\d-]|^\s*(true|false|null|none)\s*$/i.test(text)
      ? parseLenient(text.trim())
      : undefined;
    if (!types && !typed.has(key) && typeof read?.value !== 'object') return [key, text] as const;
    return [key, read && !read.closed ? read.value : text] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
