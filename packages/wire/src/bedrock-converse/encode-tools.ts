import type {
  JsonSchema,
  ToolChoice,
  ToolDefinition,
  ToolReference,
  TurnRequest,
} from '../canonical/index.ts';
import { createStrictGate, type StrictGate } from '../anthropic-messages/strict-tools.ts';
import { customToolAsFunction } from '../tools/index.ts';
import { cachePoint, type BlockEncoding, type JsonObject } from './encode-blocks.ts';

/**
 * `toolConfig`, tools in the client's order; nothing where no tool is offered or was used. Converse has no `none` and
 * insists on definitions as soon as the history has calls: then they are declared all the same.
 * @param thinking a forced choice is refused while the model thinks: it becomes `auto`
 */
export function encodeToolConfig(
  request: TurnRequest,
  thinking: boolean,
  encoding: BlockEncoding,
): JsonObject | undefined {
  const used = usedNames(request, encoding);
  const choice = request.toolChoice;
  if (choice?.type === 'none' && used.size === 0) return undefined;
  const tools = encodeTools(request, encoding);
  if (tools.length === 0) {
    if (used.size === 0) return undefined;
    for (const name of used) tools.push(declared(name));
  }
  if (choice?.type === 'none') {
    const why = 'Converse has no such choice, and the history has calls';
    encoding.losses.push({ path: 'toolChoice', what: 'tool choice none', why });
  }
  if (request.parallelToolCalls === false && request.tools.length > 0) {
    const why = 'Converse has no switch for it';
    encoding.losses.push({ path: 'parallelToolCalls', what: 'one call at a time', why });
  }
  const toolChoice = request.tools.length > 0 ? encodeChoice(choice, thinking, encoding) : undefined;
  return { tools, ...(toolChoice && { toolChoice }) };
}

function encodeTools(request: TurnRequest, encoding: BlockEncoding): JsonObject[] {
  const choice = request.toolChoice;
  const encoded: JsonObject[] = [];
  const gate = createStrictGate(encoding.target, request.responseFormat);
  request.tools.forEach((tool, at) => {
    const path = `tools[${at}]`;
    if (tool.kind === 'hosted') {
      encoding.losses.push({ path, what: `hosted tool ${tool.name}`, why: 'another vendor runs it' });
    } else if (choice?.type === 'allowed' && !choice.tools.some((wanted) => isSame(wanted, tool))) {
      // Converse has no list of allowed tools; offering only those means the same.
    } else if (tool.name) encoded.push(...encodeTool(tool, path, encoding, gate));
    else encoding.losses.push({ path, what: 'a tool without a name', why: 'it cannot be called' });
  });
  return encoded;
}

function encodeTool(
  tool: Exclude<ToolDefinition, { kind: 'hosted' }>,
  path: string,
  encoding: BlockEncoding,
  gate: StrictGate,
): JsonObject[] {
  const plain = tool.kind === 'custom' ? customToolAsFunction(tool) : tool;
  const spec: JsonObject = { name: encoding.names.flatten(tool) };
  if (plain.description) spec.description = plain.description;
  const schema = objectSchema(plain.parameters);
  spec.inputSchema = { json: schema };
  if (plain.kind === 'function' && plain.strict) {
    const why = gate(schema);
    if (why === undefined) spec.strict = true;
    else encoding.losses.push({ path, what: 'strict', why });
  }
  // Nova caches system text and messages, not tools.
  const cache = 'cache' in plain && encoding.family !== 'nova' ? plain.cache : undefined;
  return [{ toolSpec: spec }, ...cachePoint(cache, path, encoding)];
}

const objectSchema = (schema: JsonSchema): JsonSchema =>
  schema.type === 'object' ? schema : { ...schema, type: 'object', properties: schema.properties ?? {} };

const declared = (name: string): JsonObject => ({
  toolSpec: {
    name,
    description: 'Used earlier in this conversation; it cannot be called any more.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
});

function usedNames({ messages }: TurnRequest, { names }: BlockEncoding): Set<string> {
  const used = new Set<string>();
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') used.add(names.flatten(part));
  }
  return used;
}

/** `auto` is what Converse does anyway; which family takes which forced choice is documented under ToolChoice. */
function encodeChoice(
  choice: ToolChoice | undefined,
  thinking: boolean,
  { names, family, losses }: BlockEncoding,
): JsonObject | undefined {
  const required = choice?.type === 'required' || (choice?.type === 'allowed' && choice.mode === 'required');
  if (!required && choice?.type !== 'tool') return undefined;
  const lose = (why: string): undefined => {
    losses.push({ path: 'toolChoice', what: 'forced tool choice', why });
    return undefined;
  };
  if (thinking) return lose('it is refused together with thinking');
  if (choice?.type === 'tool') {
    if (family === 'claude' || family === 'nova') return { tool: { name: names.flatten(choice.tool) } };
    if (family !== 'mistral') return lose('the model takes no forced choice');
    losses.push({ path: 'toolChoice', what: 'the tool’s name', why: 'the model only takes "any tool"' });
    return { any: {} };
  }
  return family === 'claude' || family === 'nova' || family === 'mistral'
    ? { any: {} }
    : lose('the model takes no forced choice');
}

function isSame(wanted: ToolReference, tool: ToolReference): boolean {
  return wanted.name === tool.name && (wanted.namespace ?? '') === (tool.namespace ?? '');
}
