import type { ToolChoice, ToolDefinition, ToolReference, TurnRequest } from '../canonical/index.ts';
import { noteOnce } from '../losses/note.ts';
import { customToolAsFunction } from '../tools/index.ts';
import type { JsonObject, PartEncoding } from './encode-parts.ts';
import { toGeminiSchema } from './to-gemini-schema.ts';

/** `tools` and `toolConfig`: the functions in the client's order in one entry, then what Gemini itself runs. */
export function encodeTools(request: TurnRequest, encoding: PartEncoding): JsonObject {
  const choice = request.toolChoice;
  const functions: JsonObject[] = [];
  const hosted: JsonObject[] = [];
  request.tools.forEach((tool, at) => {
    const path = `tools[${at}]`;
    if (tool.kind === 'hosted') {
      if (tool.protocol === 'gemini') hosted.push(tool.raw as JsonObject);
      else encoding.losses.push({ path, what: `hosted tool ${tool.name}`, why: 'another vendor runs it' });
    } else if (choice?.type === 'allowed' && !choice.tools.some((wanted) => isSame(wanted, tool))) {
      // `allowedFunctionNames` works only for a forced call; offering only those means the same.
    } else if (tool.name) functions.push(encodeTool(tool, path, encoding));
    else encoding.losses.push({ path, what: 'a tool without a name', why: 'it cannot be called' });
  });
  const tools = functions.length ? [{ functionDeclarations: functions }, ...hosted] : hosted;
  if (!tools.length) return {};
  const config = functions.length && choice ? encodeChoice(choice, encoding) : undefined;
  if (functions.length && request.parallelToolCalls === false) {
    const why = 'Gemini decides itself how many calls it makes at once';
    encoding.losses.push({ path: 'parallelToolCalls', what: 'one call at a time', why });
  }
  return { tools, ...(config && { toolConfig: { functionCallingConfig: config } }) };
}

function encodeTool(
  tool: Exclude<ToolDefinition, { kind: 'hosted' }>,
  path: string,
  { names, losses }: PartEncoding,
): JsonObject {
  const plain = tool.kind === 'custom' ? customToolAsFunction(tool) : tool;
  const declared: JsonObject = { name: names.flatten(tool) };
  if (plain.description) declared.description = plain.description;
  if (plain.kind === 'function') {
    if (plain.cache) noteOnce(losses, { path, what: 'cache mark', why: 'Gemini caches by itself' });
    if (plain.strict) noteOnce(losses, { path, what: 'strict', why: 'Gemini does not enforce schemas' });
    if (plain.fullSchema) return { ...declared, parametersJsonSchema: plain.parameters };
  }
  const { parameters } = plain;
  const converted = toGeminiSchema({ type: 'object', ...parameters }, `${path}.parameters`, losses);
  // Gemini refuses an object without properties: a function without arguments has no parameters at all.
  if (converted.properties !== undefined) declared.parameters = converted;
  return declared;
}

function encodeChoice(choice: ToolChoice, { names }: PartEncoding): JsonObject {
  if (choice.type === 'tool') return { mode: 'ANY', allowedFunctionNames: [names.flatten(choice.tool)] };
  if (choice.type === 'required') return { mode: 'ANY' };
  if (choice.type === 'none') return { mode: 'NONE' };
  if (choice.type === 'allowed' && choice.mode === 'required') {
    return { mode: 'ANY', allowedFunctionNames: choice.tools.map((tool) => names.flatten(tool)) };
  }
  return { mode: 'AUTO' };
}

function isSame(wanted: ToolReference, tool: ToolReference): boolean {
  return wanted.name === tool.name && (wanted.namespace ?? '') === (tool.namespace ?? '');
}
