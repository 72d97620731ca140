import type {
  Loss,
  ReasoningEffort,
  ReasoningRequest,
  ResponseFormat,
  TurnRequest,
} from '../canonical/index.ts';
import type { Decoded } from '../protocol.ts';
import { readBody } from '../json/read-body.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { chatRequestSchema, type ChatRequest } from './schema.ts';

/** What asks for more of an answer than a translated one holds, in words. */
const UNCARRIED: Record<string, string> = {
  logprobs: 'log probabilities',
  modalities: 'output modalities',
  audio: 'audio output',
};

/** Fields that are read, or that say nothing without another one. */
const READ: ReadonlySet<string> = new Set([
  ...Object.keys(chatRequestSchema.shape),
  ...Object.keys(UNCARRIED),
  'top_logprobs',
  'n',
]);

const EFFORTS: ReadonlySet<string> = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/** A Chat Completions request as a canonical turn request. */
export function decodeRequest(body: unknown): Decoded<TurnRequest> {
  const read = readBody(chatRequestSchema, body);
  if (!read.ok) return read;
  const losses: Loss[] = [];
  const value = decodeBody(read.value, losses);
  return { ok: true, value, losses };
}

function decodeBody(body: ChatRequest, losses: Loss[]): TurnRequest {
  for (const [field, what] of Object.entries(UNCARRIED)) {
    const given = body[field];
    if (given !== undefined && given !== null && given !== false) {
      losses.push({ path: field, what, why: 'a translated answer has no place for it' });
    }
  }
  if (typeof body.n === 'number' && body.n > 1) {
    losses.push({ path: 'n', what: `${body.n} choices`, why: 'a turn has one answer' });
  }
  const request: TurnRequest = {
    model: body.model,
    messages: decodeMessages(body.messages, losses),
    tools: decodeTools(body, losses),
    stream: body.stream === true,
  };
  const toolChoice = decodeToolChoice(body);
  if (toolChoice) request.toolChoice = toolChoice;
  if (typeof body.parallel_tool_calls === 'boolean') request.parallelToolCalls = body.parallel_tool_calls;
  if (body.functions?.length && !body.tools?.length) {
    request.legacyFunctions = true;
    request.parallelToolCalls = false;
  }
  decodeSampling(body, request);
  const reasoning = decodeReasoning(body);
  if (reasoning) request.reasoning = reasoning;
  const format = decodeFormat(body);
  if (format) request.responseFormat = format;
  if (body.stream_options?.include_usage) request.includeUsage = true;
  decodeLabels(body, request, losses);
  const fields = vendorFields(body, request);
  if (Object.keys(fields).length) request.vendor = { protocol: 'openai-chat', fields };
  return request;
}

/** What no other protocol has: a server's own settings, and words that are not known. */
function vendorFields(body: ChatRequest, request: TurnRequest): Record<string, unknown> {
  const fields = Object.fromEntries(
    Object.entries(body).filter(
      ([field, value]) => !READ.has(field) && value !== undefined && value !== null,
    ),
  );
  if (body.reasoning_effort && !request.reasoning?.effort) fields.reasoning_effort = body.reasoning_effort;
  if (body.response_format && !request.responseFormat) fields.response_format = body.response_format;
  return fields;
}

function decodeSampling(body: ChatRequest, request: TurnRequest): void {
  const limit = body.max_completion_tokens ?? body.max_tokens;
  if (typeof limit === 'number') request.maxOutputTokens = limit;
  if (typeof body.temperature === 'number') request.temperature = body.temperature;
  if (typeof body.top_p === 'number') request.topP = body.top_p;
  if (typeof body.top_k === 'number') request.topK = body.top_k;
  if (typeof body.frequency_penalty === 'number') request.frequencyPenalty = body.frequency_penalty;
  if (typeof body.presence_penalty === 'number') request.presencePenalty = body.presence_penalty;
  if (typeof body.seed === 'number') request.seed = body.seed;
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop;
  if (stop?.length) request.stop = stop;
}

function decodeReasoning(body: ChatRequest): ReasoningRequest | undefined {
  const effort = decodeEffort(body.reasoning_effort ?? body.reasoning?.effort);
  const budgetTokens = body.reasoning?.max_tokens;
  const disabled = body.reasoning?.enabled === false;
  if (effort === undefined && !budgetTokens && !disabled) return undefined;
  return {
    ...(effort && { effort }),
    ...(budgetTokens && { budgetTokens }),
    ...(disabled && { disabled }),
  };
}

function decodeEffort(word: string | null | undefined): ReasoningEffort | undefined {
  return word && EFFORTS.has(word) ? (word as ReasoningEffort) : undefined;
}

function decodeFormat({ response_format: format }: ChatRequest): ResponseFormat | undefined {
  if (!format) return undefined;
  if (format.type === 'json_object') return { type: 'json-object' };
  if (format.type === 'json_schema' && format.json_schema) {
    const { name, schema, description, strict } = format.json_schema;
    return {
      type: 'json-schema',
      name: name || 'answer',
      schema: schema ?? {},
      ...(description && { description }),
      ...(typeof strict === 'boolean' && { strict }),
    };
  }
  return format.type === 'text' ? { type: 'text' } : undefined;
}

function decodeLabels(body: ChatRequest, request: TurnRequest, losses: Loss[]): void {
  if (body.verbosity === 'low' || body.verbosity === 'medium' || body.verbosity === 'high') {
    request.verbosity = body.verbosity;
  }
  if (body.service_tier) request.serviceTier = body.service_tier;
  const user = body.safety_identifier ?? body.user;
  if (user) request.user = user;
  if (body.prompt_cache_key) request.cacheKey = body.prompt_cache_key;
  if (typeof body.store === 'boolean') request.store = body.store;
  if (!body.metadata) return;
  request.metadata = {};
  for (const [key, value] of Object.entries(body.metadata)) {
    if (typeof value === 'string') request.metadata[key] = value;
    else
      losses.push({
        path: `metadata.${key}`,
        what: 'a value that is not a string',
        why: 'metadata holds strings',
      });
  }
}
