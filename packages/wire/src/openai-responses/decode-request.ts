import type {
  Loss,
  Message,
  ReasoningEffort,
  ReasoningRequest,
  ResponseFormat,
  ToolDefinition,
  TurnRequest,
} from '../canonical/index.ts';
import { readBody } from '../json/read-body.ts';
import type { Decoded } from '../protocol.ts';
import { plainToolNames } from '../tools/index.ts';
import { decodeItems } from './decode-items.ts';
import { decodeToolChoice } from './decode-tool-choice.ts';
import { decodeTools } from './decode-tools.ts';
import { NATIVE_ISSUER } from './item-context.ts';
import { responsesRequestSchema, type ResponsesRequest } from './schema.ts';

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const SUMMARIES = ['auto', 'concise', 'detailed', 'none'] as const;
const VERBOSITIES = ['low', 'medium', 'high'] as const;

/** Fields without a canonical place whose absence changes nothing for the turn. */
const HARMLESS = new Set(['client_metadata', 'stream_options', 'background']);

/** What asks for more of an answer than a translated one holds. */
const UNCARRIED: ReadonlySet<string> = new Set(['include', 'top_logprobs']);

/** What every answer carries, or what is so anyway. */
const GIVEN: ReadonlySet<unknown> = new Set(['reasoning.encrypted_content', 'disabled']);

/** Reads a Responses request as Codex and the OpenAI SDKs send it. */
export function decodeRequest(body: unknown): Decoded<TurnRequest> {
  const read = readBody(responsesRequestSchema, body);
  if (!read.ok) return read;
  const value = read.value;
  const losses: Loss[] = [];
  const tools: ToolDefinition[] = [];
  decodeTools(value.tools ?? [], 'tools', tools, losses);
  const request: TurnRequest = {
    model: value.model,
    messages: decodeInput(value, tools, losses),
    tools,
    stream: value.stream ?? false,
  };
  if (value.tool_choice) request.toolChoice = decodeToolChoice(value.tool_choice);
  decodeSettings(value, request);
  decodeReasoning(value, request, losses);
  decodeText(value, request, losses);
  decodeUnknown(value, request, losses);
  request.echo = echoOf(value);
  return { ok: true, value: request, losses };
}

/** Settings that an answer repeats. */
const ECHOED = [
  'instructions',
  'tools',
  'tool_choice',
  'reasoning',
  'text',
  'truncation',
  'max_tool_calls',
  'top_logprobs',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
] as const;

function echoOf(value: ResponsesRequest): Record<string, unknown> {
  const echo: Record<string, unknown> = {};
  for (const field of ECHOED) {
    const said = value[field];
    if (said !== undefined && said !== null) echo[field] = said;
  }
  return echo;
}

function decodeInput(value: ResponsesRequest, tools: ToolDefinition[], losses: Loss[]): Message[] {
  const messages: Message[] = [];
  if (value.instructions)
    messages.push({ role: 'system', parts: [{ type: 'text', text: value.instructions }] });
  if (typeof value.input === 'string') {
    messages.push({ role: 'user', parts: [{ type: 'text', text: value.input }] });
  } else {
    messages.push(
      ...decodeItems(value.input ?? [], tools, { issuer: NATIVE_ISSUER, names: plainToolNames, losses }),
    );
  }
  return messages;
}

function decodeSettings(value: ResponsesRequest, request: TurnRequest): void {
  if (typeof value.parallel_tool_calls === 'boolean') request.parallelToolCalls = value.parallel_tool_calls;
  if (typeof value.max_output_tokens === 'number') request.maxOutputTokens = value.max_output_tokens;
  if (typeof value.temperature === 'number') request.temperature = value.temperature;
  if (typeof value.top_p === 'number') request.topP = value.top_p;
  if (typeof value.store === 'boolean') request.store = value.store;
  if (value.previous_response_id) request.previousResponseId = value.previous_response_id;
  if (value.service_tier) request.serviceTier = value.service_tier;
  if (value.prompt_cache_key) request.cacheKey = value.prompt_cache_key;
  const user = value.user ?? value.safety_identifier;
  if (user) request.user = user;
  if (value.metadata) {
    const entries = Object.entries(value.metadata).map(([key, entry]) => [key, String(entry)]);
    request.metadata = Object.fromEntries(entries) as Record<string, string>;
  }
}

function decodeReasoning(value: ResponsesRequest, request: TurnRequest, losses: Loss[]): void {
  if (!value.reasoning) return;
  const reasoning: ReasoningRequest = {};
  const effort = EFFORTS.find((known) => known === value.reasoning?.effort);
  const wanted = value.reasoning.summary ?? value.reasoning.generate_summary;
  const summary = SUMMARIES.find((known) => known === wanted);
  if (effort) reasoning.effort = effort;
  else if (value.reasoning.effort) {
    losses.push({ path: 'reasoning.effort', what: value.reasoning.effort, why: 'not a known effort' });
  }
  if (summary) reasoning.summary = summary;
  if (value.reasoning.context) {
    losses.push({
      path: 'reasoning.context',
      what: 'reasoning context',
      why: 'only OpenAI models choose what thinking they see again',
    });
  }
  if (effort || summary) request.reasoning = reasoning;
}

function decodeText(value: ResponsesRequest, request: TurnRequest, losses: Loss[]): void {
  const verbosity = VERBOSITIES.find((known) => known === value.text?.verbosity);
  if (verbosity) request.verbosity = verbosity;
  const format = value.text?.format;
  if (!format) return;
  const decoded = decodeFormat(format);
  if (decoded) request.responseFormat = decoded;
  else losses.push({ path: 'text.format', what: format.type, why: 'not a known format' });
}

function decodeFormat(
  format: NonNullable<NonNullable<ResponsesRequest['text']>['format']>,
): ResponseFormat | undefined {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json-object' };
  if (format.type !== 'json_schema' || !format.schema) return undefined;
  return {
    type: 'json-schema',
    name: format.name || 'answer',
    schema: format.schema,
    ...(format.description && { description: format.description }),
    ...(typeof format.strict === 'boolean' && { strict: format.strict }),
  };
}

/** What no other protocol has is kept for a backend of this one. */
function decodeUnknown(value: ResponsesRequest, request: TurnRequest, losses: Loss[]): void {
  const fields: Record<string, unknown> = {};
  for (const [field, content] of Object.entries(value)) {
    if (field in responsesRequestSchema.shape || HARMLESS.has(field)) continue;
    if (content === undefined || content === null || GIVEN.has(content)) continue;
    if (!UNCARRIED.has(field)) fields[field] = content;
    else if (content !== 0 && !(Array.isArray(content) && content.every((one) => GIVEN.has(one))))
      losses.push({ path: field, what: field, why: 'a translated answer has no place for it' });
  }
  if (Object.keys(fields).length) request.vendor = { protocol: 'openai-responses', fields };
}
