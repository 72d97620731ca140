import type {
  Loss,
  Message,
  ReasoningRequest,
  ResponseFormat,
  ToolDefinition,
  TurnRequest,
} from '../canonical/index.ts';
import { noteBegunAnswer, noteVendorFields, ownFields } from '../losses/note.ts';
import type { EncodedRequest, EncodeTarget } from '../protocol.ts';
import { effortFromBudget } from '../reasoning/effort.ts';
import { fitUser, openaiTier } from '../text/labels.ts';
import { createToolNames, flattenTools } from '../tools/index.ts';
import { encodeItems } from './encode-items.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';

type JsonObject = Record<string, unknown>;

const WHY = 'Responses has no such field';

/** Writes a turn request for a Responses provider: stateless (`store: false`) unless the client said otherwise. */
export function encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  if (!target.quirks?.functionToolsOnly) return encode(request, target);
  // The names stay those of the client's tools: the decoder of the answer undoes the flattening with them.
  const names = createToolNames(request.tools);
  return { ...encode(flattenTools(request, names), target), names };
}

function encode(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  const losses: Loss[] = [];
  const names = createToolNames(request.tools);
  const { instructions, rest } = splitInstructions(request.messages);
  const encoding = {
    losses,
    names,
    issuer: target.issuer,
    tools: request.tools,
    loaded: new Set<ToolDefinition>(),
    images: target.quirks?.images !== false,
  };
  const body: JsonObject = { model: target.model };
  if (instructions !== undefined) body.instructions = instructions;
  body.input = encodeItems(rest, request.messages.length - rest.length, encoding);
  const tools = encodeTools(request.tools, names, losses, encoding.loaded);
  if (tools.length) {
    body.tools = tools;
    const choice = request.toolChoice && encodeToolChoice(request.toolChoice, request.tools, names, losses);
    if (choice !== undefined) body.tool_choice = choice;
    if (request.parallelToolCalls !== undefined) body.parallel_tool_calls = request.parallelToolCalls;
  }
  encodeSettings(request, body, target, losses);
  encodeReasoning(request.reasoning, body, target, losses);
  encodeText(request, body);
  body.stream = request.stream;
  body.store = request.store ?? false;
  if (target.quirks?.openaiFields === false) delete body.store;
  else if (!body.store) body.include = ['reasoning.encrypted_content'];
  noteMissing(request, losses);
  noteBegunAnswer(request, target, losses);
  const own = ownFields(request, 'openai-responses', target, target.quirks?.openaiFields !== false);
  Object.assign(body, own);
  noteVendorFields(request, 'openai-responses', losses, own);
  return { body, names, losses };
}

/** A leading system message is what `instructions` means. */
function splitInstructions(messages: readonly Message[]): {
  instructions?: string;
  rest: readonly Message[];
} {
  const [first, ...rest] = messages;
  const only = first?.role === 'system' && first.parts.length === 1 ? first.parts[0] : undefined;
  return only ? { instructions: only.text, rest } : { rest: messages };
}

/** Fields that look-alikes of this API refuse. */
const OPENAI_FIELDS = new Set([
  'service_tier',
  'prompt_cache_key',
  'metadata',
  'user',
  'previous_response_id',
]);

function encodeSettings(
  request: TurnRequest,
  body: JsonObject,
  { quirks }: EncodeTarget,
  losses: Loss[],
): void {
  const settings: JsonObject = {
    max_output_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    previous_response_id: request.previousResponseId,
    service_tier: openaiTier(request.serviceTier),
    user: fitUser(request),
    prompt_cache_key: request.cacheKey,
    metadata: request.metadata,
  };
  for (const [field, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (quirks?.openaiFields !== false || !OPENAI_FIELDS.has(field)) body[field] = value;
    // Without a cache key the provider caches as it does anyway.
    else if (field !== 'prompt_cache_key')
      losses.push({ path: field, what: field, why: 'the backend refuses it' });
  }
}

function encodeReasoning(
  reasoning: ReasoningRequest | undefined,
  body: JsonObject,
  { quirks }: EncodeTarget,
  losses: Loss[],
): void {
  if (!reasoning) return;
  const { budgetTokens, adaptive, disabled } = reasoning;
  const encoded: JsonObject = {};
  const effort =
    reasoning.effort ?? (budgetTokens === undefined ? undefined : effortFromBudget(budgetTokens));
  if (effort && quirks?.reasoningEffort === false) {
    const why = 'the backend takes no effort';
    losses.push({ path: 'reasoning', what: `reasoning effort ${effort}`, why });
  } else if (effort) encoded.effort = effort;
  else if (disabled) {
    losses.push({
      path: 'reasoning.disabled',
      what: 'thinking disabled',
      why: 'not every model can switch it off',
    });
  }
  // Clients that asked for thinking the Anthropic way expect to see some.
  const summary = reasoning.summary ?? (budgetTokens !== undefined || adaptive ? 'auto' : undefined);
  if (summary) encoded.summary = summary;
  if (encoded.effort || summary) body.reasoning = encoded;
}

function encodeText(request: TurnRequest, body: JsonObject): void {
  const text: JsonObject = {};
  if (request.responseFormat) text.format = encodeFormat(request.responseFormat);
  if (request.verbosity) text.verbosity = request.verbosity;
  if (request.responseFormat || request.verbosity) body.text = text;
}

function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json-object') return { type: 'json_object' };
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    name,
    ...(description !== undefined && { description }),
    schema,
    ...(strict !== undefined && { strict }),
  };
}

function noteMissing(request: TurnRequest, losses: Loss[]): void {
  const missing = ['topK', 'frequencyPenalty', 'presencePenalty', 'seed'] as const;
  for (const field of missing) {
    if (request[field] !== undefined) losses.push({ path: field, what: field, why: WHY });
  }
  if (request.stop?.length) losses.push({ path: 'stop', what: 'stop sequences', why: WHY });
  if (request.cache || hasCacheMarks(request)) {
    losses.push({ path: 'cache', what: 'cache marks', why: 'Responses caches by itself' });
  }
}

function hasCacheMarks({ tools, messages }: TurnRequest): boolean {
  return (
    tools.some((tool) => 'cache' in tool && tool.cache) ||
    messages.some(({ parts }) => parts.some((part) => 'cache' in part && part.cache))
  );
}
