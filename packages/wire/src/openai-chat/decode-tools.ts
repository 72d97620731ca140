import type { Loss, ToolChoice, ToolDefinition, ToolReference } from '../canonical/index.ts';
import { asRecord, asText } from '../json/read.ts';
import { decodeCache } from './decode-parts.ts';
import type { ChatRequest, ChatTool, ChatToolChoice } from './schema.ts';

/** The tools of a request, in the client's order. Tools without a name are left out and reported. */
export function decodeTools(request: ChatRequest, losses: Loss[]): ToolDefinition[] {
  const decoded: ToolDefinition[] = [];
  const listed: ChatTool[] = [
    ...(request.tools ?? []),
    ...(request.functions ?? []).map((definition) => ({ type: 'function', function: definition })),
  ];
  listed.forEach((tool, at) => {
    const found = decodeTool(tool);
    if (found) decoded.push(found);
    else losses.push({ path: `tools[${at}]`, what: 'a tool without a name', why: 'it cannot be called' });
  });
  return decoded;
}

function decodeTool(tool: ChatTool): ToolDefinition | undefined {
  const cache = decodeCache(tool.cache_control);
  if (tool.custom) {
    const { name, description, format } = tool.custom;
    if (!name) return undefined;
    const grammar = format?.grammar;
    return {
      kind: 'custom',
      name,
      ...(description && { description }),
      ...(grammar && { format: { type: 'grammar', syntax: grammar.syntax, definition: grammar.definition } }),
      ...(format?.type === 'text' && { format: { type: 'text' } }),
      ...(cache && { cache }),
    };
  }
  if (tool.function) {
    const { name, description, parameters, strict } = tool.function;
    if (!name) return undefined;
    return {
      kind: 'function',
      name,
      ...(description && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      ...(typeof strict === 'boolean' && { strict }),
      ...(cache && { cache }),
    };
  }
  return tool.type ? { kind: 'hosted', name: tool.type, protocol: 'openai-chat', raw: tool } : undefined;
}

/** `tool_choice`, or the retired `function_call`, as canonical. Unknown words are nothing. */
export function decodeToolChoice(request: ChatRequest): ToolChoice | undefined {
  const legacy = request.function_call;
  if (request.tool_choice) return decodeChoice(request.tool_choice);
  if (typeof legacy === 'string') return decodeWord(legacy);
  return legacy ? { type: 'tool', tool: { name: legacy.name } } : undefined;
}

function decodeChoice(choice: ChatToolChoice): ToolChoice | undefined {
  if (typeof choice === 'string') return decodeWord(choice);
  const name = choice.function?.name ?? choice.custom?.name;
  if (name) return { type: 'tool', tool: { name } };
  const allowed = choice.allowed_tools;
  if (!allowed) return choice.type ? decodeWord(choice.type) : undefined;
  return {
    type: 'allowed',
    mode: allowed.mode === 'required' ? 'required' : 'auto',
    tools: allowed.tools.map(decodeReference).filter((tool) => tool !== undefined),
  };
}

function decodeWord(word: string): ToolChoice | undefined {
  if (word === 'auto' || word === 'none' || word === 'required') return { type: word };
  return word === 'any' ? { type: 'required' } : undefined;
}

function decodeReference(tool: Record<string, unknown>): ToolReference | undefined {
  const name = asText((asRecord(tool.function) ?? asRecord(tool.custom) ?? tool).name);
  return name === undefined ? undefined : { name };
}
