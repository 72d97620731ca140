import type { ToolDefinition } from '../canonical/index.ts';

type CustomTool = Extract<ToolDefinition, { kind: 'custom' }>;
type FunctionTool = Extract<ToolDefinition, { kind: 'function' }>;

/** Where models put the text when they forget that the property is called `input`; the first one present wins. */
const TEXT_KEYS = ['input', 'patch', 'code', 'command', 'text', 'script', 'content'];

const PATCH_BEGIN = '*** Begin Patch';
const PATCH_END = '*** End Patch';

/** Free text of a `custom` call as the arguments of the function that stands for it. */
export function wrapCustomInput(text: string): string {
  return JSON.stringify({ input: text });
}

/**
 * The free text inside a function call's arguments. Tolerates other property names, a bare JSON string, raw text,
 * code fences and, for `apply_patch`, anything around the patch (heredocs, shell wrappers). Never throws.
 */
export function unwrapCustomInput(args: string, toolName?: string): string {
  const found = textOf(args);
  const text = found ?? args;
  if (toolName === 'apply_patch') return barePatch(text);
  // A well-formed `{input}` of an unknown tool is the model's exact text; fences in it may be meant.
  return found === undefined || toolName === 'exec' ? withoutFence(text) : text;
}

/** A `custom` tool as a function with one string, its grammar told in words, for models that have no freeform tools. */
export function customToolAsFunction(tool: CustomTool): FunctionTool {
  const wanted: FunctionTool = {
    kind: 'function',
    name: tool.name,
    description: describe(tool),
    parameters: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
  if (tool.namespace) wanted.namespace = tool.namespace;
  if (tool.cache) wanted.cache = tool.cache;
  return wanted;
}

function describe({ description, format }: CustomTool): string {
  // Codex tells models "do not wrap it in JSON", which is wrong for a model that can only call functions.
  const rule =
    'Call it with JSON arguments that have one property, `input`: a string that holds the whole input verbatim, ' +
    'without code fences. This holds even where the text above says not to use JSON.';
  const grammar =
    format?.type === 'grammar'
      ? `The string must follow this ${format.syntax} grammar:\n${format.definition}`
      : undefined;
  return [description, rule, grammar].filter((text) => text).join('\n\n');
}

function textOf(args: string): string | undefined {
  const start = args.trimStart().charAt(0);
  if (start !== '{' && start !== '"' && start !== '[') return undefined;
  const value = parse(args) ?? parse(escapeControls(args));
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return joinWords(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  for (const key of TEXT_KEYS) {
    const entry = entries.find(([name]) => name === key)?.[1];
    if (typeof entry === 'string') return entry;
    if (Array.isArray(entry)) return joinWords(entry);
  }
  const only = entries.length === 1 ? entries[0]?.[1] : undefined;
  return typeof only === 'string' ? only : undefined;
}

/** `["apply_patch", "*** Begin Patch…"]`: the words of a command; only the last one carries the text. */
function joinWords(words: unknown[]): string | undefined {
  const last = words.at(-1);
  return words.every((word) => typeof word === 'string') && typeof last === 'string' ? last : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Weak models write real line breaks and tabs inside JSON strings. */
function escapeControls(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function barePatch(text: string): string {
  const begin = text.indexOf(PATCH_BEGIN);
  if (begin === -1) return withoutFence(text);
  const end = text.lastIndexOf(PATCH_END);
  // A patch without its end was cut: left as it is, so that the client refuses it and nothing is half applied.
  return end > begin ? text.slice(begin, end + PATCH_END.length) : text.slice(begin);
}

function withoutFence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return text;
  const firstBreak = trimmed.indexOf('\n');
  if (firstBreak === -1 || firstBreak > trimmed.length - 4) return text;
  return trimmed.slice(firstBreak + 1, -3).replace(/\n$/, '');
}
