import type {
  Loss,
  Message,
  ReasoningEffort,
  ReasoningRequest,
  ToolChoice,
  ToolDefinition,
  ToolResultPart,
  TurnRequest,
  UserPart,
} from '../canonical/index.ts';
import { readBody } from '../json/read-body.ts';
import type { Decoded } from '../protocol.ts';
import {
  decodeAssistantBlocks,
  decodeCache,
  decodeResult,
  decodeText,
  decodeUserBlock,
} from './decode-blocks.ts';
import {
  messagesRequestSchema,
  toolSchema,
  type MessagesMessage,
  type MessagesRequest,
  type MessagesTool,
} from './schema.ts';

const EFFORTS: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'xhigh', 'max']);

/** A Messages request, or a `count_tokens` request, as a canonical turn request. */
export function decodeRequest(body: unknown): Decoded<TurnRequest> {
  const read = readBody(messagesRequestSchema, body);
  if (!read.ok) return read;
  const losses: Loss[] = [];
  const value = decodeBody(read.value, losses);
  return { ok: true, value, losses };
}

function decodeBody(body: MessagesRequest, losses: Loss[]): TurnRequest {
  const request: TurnRequest = {
    model: body.model,
    messages: [...decodeSystem(body.system), ...decodeMessages(body.messages, losses)],
    tools: decodeTools(body.tools ?? [], losses),
    stream: body.stream === true,
  };
  if (body.tool_choice) {
    const choice = decodeToolChoice(body.tool_choice);
    if (choice) request.toolChoice = choice;
    const serial = body.tool_choice.disable_parallel_tool_use;
    if (typeof serial === 'boolean') request.parallelToolCalls = !serial;
  }
  if (body.max_tokens) request.maxOutputTokens = body.max_tokens;
  if (typeof body.temperature === 'number') request.temperature = body.temperature;
  if (typeof body.top_p === 'number') request.topP = body.top_p;
  if (typeof body.top_k === 'number') request.topK = body.top_k;
  if (body.stop_sequences?.length) request.stop = body.stop_sequences;
  const reasoning = decodeReasoning(body);
  if (reasoning) request.reasoning = reasoning;
  const format = body.output_config?.format ?? body.output_format;
  if (format?.type === 'json_schema') {
    // The Messages format has no name; protocols that need one get this.
    request.responseFormat = {
      type: 'json-schema',
      name: 'answer',
      schema: format.schema ?? {},
      strict: true,
    };
  }
  if (body.metadata?.user_id) request.user = body.metadata.user_id;
  if (body.service_tier) request.serviceTier = body.service_tier;
  const fields = vendorFields(body, request);
  if (Object.keys(fields).length) request.vendor = { protocol: 'anthropic-messages', fields };
  return Object.assign(request, decodeCache(body.cache_control));
}

/** What no other protocol has: context editing, MCP servers that Anthropic runs, its beta features. */
function vendorFields(body: MessagesRequest, request: TurnRequest): Record<string, unknown> {
  const fields = Object.fromEntries(
    Object.entries(body).filter(
      ([field, value]) => !(field in messagesRequestSchema.shape) && value !== undefined && value !== null,
    ),
  );
  const effort = body.output_config?.effort;
  if (effort && !request.reasoning?.effort) fields.output_config = { effort };
  return fields;
}

function decodeSystem(system: MessagesRequest['system']): Message[] {
  if (!system?.length) return [];
  const parts =
    typeof system === 'string' ? [{ type: 'text' as const, text: system }] : system.map(decodeText);
  return [{ role: 'system', parts }];
}

function decodeMessages(messages: readonly MessagesMessage[], losses: Loss[]): Message[] {
  const decoded: Message[] = [];
  messages.forEach((message, at) => {
    const blocks =
      typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
    if (message.role === 'assistant') {
      decoded.push({ role: 'assistant', parts: decodeAssistantBlocks(blocks) });
    } else if (message.role === 'user') {
      const results: ToolResultPart[] = [];
      const parts: UserPart[] = [];
      blocks.forEach((block, index) => {
        if (block.type === 'tool_result') {
          results.push(decodeResult(block, `messages[${at}].content[${index}]`, losses));
        } else parts.push(decodeUserBlock(block, `messages[${at}].content[${index}]`, losses));
      });
      if (results.length) decoded.push({ role: 'tool', parts: results });
      if (parts.length || results.length === 0) decoded.push({ role: 'user', parts });
    } else
      decoded.push({
        role: message.role,
        parts: blocks.filter((block) => block.type === 'text').map(decodeText),
      });
  });
  return decoded;
}

/** How the answer is delivered, which a translated one is in its own way. */
const TOOL_DELIVERY: ReadonlySet<string> = new Set(['eager_input_streaming']);

function decodeTools(tools: readonly MessagesTool[], losses: Loss[]): ToolDefinition[] {
  const decoded: ToolDefinition[] = [];
  tools.forEach((tool, at) => {
    if (tool.type && tool.type !== 'custom') {
      decoded.push({
        kind: 'hosted',
        name: tool.name ?? tool.type,
        protocol: 'anthropic-messages',
        raw: tool,
      });
    } else if (!tool.name) {
      losses.push({ path: `tools[${at}]`, what: 'a tool without a name', why: 'it cannot be called' });
    } else {
      for (const field of Object.keys(tool)) {
        if (field in toolSchema.shape || TOOL_DELIVERY.has(field)) continue;
        losses.push({ path: `tools[${at}]`, what: field, why: 'it has no counterpart outside Messages' });
      }
      decoded.push({
        kind: 'function',
        name: tool.name,
        ...(tool.description && { description: tool.description }),
        parameters: tool.input_schema ?? { type: 'object', properties: {} },
        ...(typeof tool.strict === 'boolean' && { strict: tool.strict }),
        ...decodeCache(tool.cache_control),
      });
    }
  });
  return decoded;
}

function decodeToolChoice(choice: NonNullable<MessagesRequest['tool_choice']>): ToolChoice | undefined {
  if (choice.type === 'auto' || choice.type === 'none') return { type: choice.type };
  if (choice.type === 'any') return { type: 'required' };
  return choice.type === 'tool' && choice.name ? { type: 'tool', tool: { name: choice.name } } : undefined;
}

function decodeReasoning({ thinking, output_config: config }: MessagesRequest): ReasoningRequest | undefined {
  const reasoning: ReasoningRequest = {};
  if (config?.effort && EFFORTS.has(config.effort)) reasoning.effort = config.effort as ReasoningEffort;
  if (thinking?.type === 'enabled' && thinking.budget_tokens) reasoning.budgetTokens = thinking.budget_tokens;
  if (thinking?.type === 'adaptive') reasoning.adaptive = true;
  if (thinking?.type === 'disabled') reasoning.disabled = true;
  return Object.keys(reasoning).length ? reasoning : undefined;
}
