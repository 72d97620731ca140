import type {
  AssistantPart,
  Message,
  ToolChoice,
  ToolDefinition,
  ToolNames,
  TurnRequest,
} from '../canonical/index.ts';
import { customToolAsFunction, wrapCustomInput } from './custom-input.ts';

/**
 * The same request with plain functions only: freeform tools take one string, namespaces become part of the name, and
 * the history follows. For backends that speak a protocol but not its newer tools; `names` undoes it in the answer.
 */
export function flattenTools(request: TurnRequest, names: ToolNames): TurnRequest {
  const flat: TurnRequest = {
    ...request,
    tools: request.tools.map((tool) => flattenTool(tool, names)),
    messages: request.messages.map((message) => flattenMessage(message, names)),
  };
  if (request.toolChoice) flat.toolChoice = flattenChoice(request.toolChoice, names);
  return flat;
}

function flattenTool(tool: ToolDefinition, names: ToolNames): ToolDefinition {
  if (tool.kind === 'hosted') return tool;
  const { description, parameters } = tool.kind === 'custom' ? customToolAsFunction(tool) : tool;
  const flat: ToolDefinition = { kind: 'function', name: names.flatten(tool), parameters };
  if (description !== undefined) flat.description = description;
  if (tool.kind === 'function' && tool.strict !== undefined) flat.strict = tool.strict;
  if ('cache' in tool && tool.cache) flat.cache = tool.cache;
  return flat;
}

function flattenMessage(message: Message, names: ToolNames): Message {
  if (message.role === 'assistant')
    return { ...message, parts: message.parts.map((part) => flattenCall(part, names)) };
  if (message.role !== 'tool') return message;
  return { role: 'tool', parts: message.parts.map((part) => ({ ...part, kind: 'function' })) };
}

function flattenCall(part: AssistantPart, names: ToolNames): AssistantPart {
  if (part.type !== 'tool-call') return part;
  // Without its item id: that one names the old type.
  const { namespace: _, itemId, ...call } = part;
  const input = part.kind === 'custom' ? wrapCustomInput(part.input) : part.input;
  const kept = part.kind === 'function' && itemId !== undefined && { itemId };
  return { ...call, kind: 'function', name: names.flatten(part), input, ...kept };
}

function flattenChoice(choice: ToolChoice, names: ToolNames): ToolChoice {
  if (choice.type === 'tool') return { type: 'tool', tool: { name: names.flatten(choice.tool) } };
  if (choice.type !== 'allowed') return choice;
  return { ...choice, tools: choice.tools.map((tool) => ({ name: names.flatten(tool) })) };
}
