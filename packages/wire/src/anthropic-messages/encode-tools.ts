import type {
  JsonSchema,
  ToolChoice,
  ToolDefinition,
  ToolReference,
  TurnRequest,
} from '../canonical/index.ts';
import { customToolAsFunction } from '../tools/index.ts';
import { encodeCache, type BlockEncoding, type JsonObject } from './encode-blocks.ts';
import { createStrictGate, type StrictGate } from './strict-tools.ts';

/** Keywords Anthropic refuses at the top of an input schema. */
const REFUSED_AT_TOP = ['oneOf', 'anyOf', 'allOf'];

/** The tools in the client's order: custom ones take one string, namespaces become part of the name. */
export function encodeTools(request: TurnRequest, encoding: BlockEncoding): JsonObject[] {
  const choice = request.toolChoice;
  const encoded: JsonObject[] = [];
  const gate = createStrictGate(encoding.target, request.responseFormat);
  request.tools.forEach((tool, at) => {
    const path = `tools[${at}]`;
    if (tool.kind === 'hosted') {
      if (tool.protocol === 'anthropic-messages') encoded.push(tool.raw as JsonObject);
      else encoding.losses.push({ path, what: `hosted tool ${tool.name}`, why: 'another vendor runs it' });
    } else if (choice?.type === 'allowed' && !choice.tools.some((wanted) => isSame(wanted, tool))) {
      // Messages has no list of allowed tools; offering only those means the same.
    } else if (tool.name) encoded.push(encodeTool(tool, path, encoding, gate));
    else encoding.losses.push({ path, what: 'a tool without a name', why: 'it cannot be called' });
  });
  return encoded;
}

function encodeTool(
  tool: Exclude<ToolDefinition, { kind: 'hosted' }>,
  path: string,
  { names, losses }: BlockEncoding,
  gate: StrictGate,
): JsonObject {
  const plain = tool.kind === 'custom' ? customToolAsFunction(tool) : tool;
  const encoded: JsonObject = { name: names.flatten(tool) };
  if (plain.description) encoded.description = plain.description;
  const schema = objectSchema(plain.parameters, path, { losses });
  encoded.input_schema = schema;
  if (plain.kind === 'function' && plain.strict) {
    const why = gate(schema);
    if (why === undefined) encoded.strict = true;
    else losses.push({ path, what: 'strict', why });
  }
  return 'cache' in plain ? Object.assign(encoded, encodeCache(plain.cache)) : encoded;
}

function objectSchema(
  schema: JsonSchema,
  path: string,
  { losses }: Pick<BlockEncoding, 'losses'>,
): JsonSchema {
  const refused = REFUSED_AT_TOP.filter((keyword) => schema[keyword] !== undefined);
  if (schema.type === 'object' && refused.length === 0) return schema;
  const fixed: JsonSchema = { ...schema, type: 'object' };
  for (const keyword of refused) {
    delete fixed[keyword];
    losses.push({
      path: `${path}.parameters.${keyword}`,
      what: keyword,
      why: 'Messages refuses it at the top of a schema',
    });
  }
  fixed.properties ??= {};
  return fixed;
}

/**
 * Tools for a request that offers none but whose history has calls (Codex does this to compact): some backends refuse
 * such a history without definitions. They are declared by name and switched off.
 */
export function declareUsedTools(request: TurnRequest, { names }: BlockEncoding): JsonObject[] {
  const used = new Set<string>();
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') used.add(names.flatten(part));
  }
  return [...used].map((name) => ({ name, input_schema: { type: 'object', properties: {} } }));
}

/**
 * `tool_choice` for a request that has tools.
 * @param thinking Anthropic refuses a forced choice while the model thinks: it becomes `auto`.
 */
export function encodeToolChoice(
  request: TurnRequest,
  thinking: boolean,
  { names, losses }: BlockEncoding,
): JsonObject | undefined {
  const serial = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const choice = request.toolChoice;
  if (choice?.type === 'none') return { type: 'none' };
  const forced = choice?.type === 'tool' || isRequired(choice);
  if (forced && thinking) {
    losses.push({
      path: 'toolChoice',
      what: 'forced tool choice',
      why: 'Anthropic refuses it together with thinking',
    });
    return { type: 'auto', ...serial };
  }
  if (choice?.type === 'tool') return { type: 'tool', name: names.flatten(choice.tool), ...serial };
  if (isRequired(choice)) return { type: 'any', ...serial };
  return choice || request.parallelToolCalls === false ? { type: 'auto', ...serial } : undefined;
}

function isRequired(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || (choice?.type === 'allowed' && choice.mode === 'required');
}

function isSame(wanted: ToolReference, tool: ToolReference): boolean {
  return wanted.name === tool.name && (wanted.namespace ?? '') === (tool.namespace ?? '');
}
