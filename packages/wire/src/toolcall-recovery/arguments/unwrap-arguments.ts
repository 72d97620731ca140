import type { JsonSchema } from '../../canonical/index.ts';
import { asRecord } from '../../json/read.ts';
import { areSynonyms } from './near-names.ts';
import { propertiesOf, requiredOf, takesAny, typesOf } from './schema.ts';

const WRAPPERS = new Set(['arguments', 'parameters', 'args', 'input', 'kwargs', 'params']);
const MAX_LAYERS = 4;

/** `{"arguments": {…}}` or `{"name": "f", "arguments": {…}}` where the arguments themselves belong. */
export function unwrapArguments(
  args: Record<string, unknown>,
  schema: JsonSchema,
  tool: string,
): Record<string, unknown> | undefined {
  if (takesAny(schema) && requiredOf(schema).every((name) => args[name] !== undefined)) return undefined;
  const declared = propertiesOf(schema);
  let inner = args;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const keys = Object.keys(inner);
    const wrapper = keys.find((key) => WRAPPERS.has(key) && !Object.hasOwn(declared, key));
    const rest = keys.filter((key) => key !== wrapper);
    const named = rest.every((key) => key === 'name' && inner['name'] === tool);
    if (wrapper === undefined || rest.length > 1 || !named) break;
    const next = asRecord(inner[wrapper]) ?? asRecord(parse(inner[wrapper]));
    if (!next) break;
    inner = next;
  }
  return inner === args ? undefined : inner;
}

/**
 * A double-wrapped command: its text is an object that holds just the command (`cmd = '{"cmd": "ls"}'`). Gives the text
 * inside; undefined when it is not that. Of other texts one cannot know: a file's may well be such an object.
 */
export function unwrapText(key: string, value: unknown, schema: JsonSchema): string | undefined {
  const declared = propertiesOf(schema);
  const types = typesOf(Object.hasOwn(declared, key) ? declared[key] : undefined);
  if (!areSynonyms(key, 'command') || typeof value !== 'string' || !types?.includes('string'))
    return undefined;
  let text = value;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = text.trimStart().startsWith('{') ? asRecord(parse(text)) : undefined;
    const [entry, another] = inner ? Object.entries(inner) : [];
    if (!entry || another || typeof entry[1] !== 'string') break;
    if (entry[0] !== key && !areSynonyms(entry[0], key)) break;
    text = entry[1];
  }
  return text === value ? undefined : text;
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
