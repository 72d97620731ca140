import type {
  Loss,
  ReasoningEffort,
  ReasoningRequest,
  ResponseFormat,
  TurnRequest,
} from '../canonical/index.ts';
import { noteVendorFields, ownFields } from '../losses/note.ts';
import type { EncodedRequest, EncodeTarget, TargetQuirks } from '../protocol.ts';
import { effortFromBudget } from '../reasoning/effort.ts';
import { fitUser, openaiTier } from '../text/labels.ts';
import { createToolNames } from '../tools/index.ts';
import { encodeBegunAnswer } from './begun-answer.ts';
import { encodeMessages, type MessageEncoding } from './encode-messages.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';

type JsonObject = Record<string, unknown>;

/** Writes a turn request for a Chat Completions backend, keeping to what all of them take unless its quirks say more. */
export function encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  const quirks = quirksFor(target);
  const losses: Loss[] = [];
  const names = createToolNames(request.tools);
  const encoding: MessageEncoding = { names, target, quirks, losses };
  const tools = encodeTools(request.tools, request.toolChoice, encoding);
  const body: JsonObject & { messages: JsonObject[] } = {
    model: target.model,
    messages: encodeMessages(request.messages, encoding),
  };
  const echo = encodeBegunAnswer(request, body, encoding);
  if (tools.length) {
    body.tools = tools;
    if (request.toolChoice) body.tool_choice = encodeToolChoice(request.toolChoice, encoding);
    if (request.parallelToolCalls !== undefined && quirks.parallelToolCalls !== false) {
      body.parallel_tool_calls = request.parallelToolCalls;
    }
  }
  encodeSampling(request, body, quirks, losses);
  encodeReasoning(request.reasoning, body, quirks, losses);
  if (request.responseFormat) encodeFormat(request.responseFormat, body, quirks, losses);
  encodeLabels(request, body, quirks, losses);
  const own = ownFields(request, 'openai-chat', target, quirks.openaiFields);
  Object.assign(body, own);
  noteVendorFields(request, 'openai-chat', losses, own);
  body.stream = request.stream;
  // Asked for even when the client did not: the turn must be accounted for.
  if (request.stream && quirks.streamUsage !== false) body.stream_options = { include_usage: true };
  return { body, names, losses, ...(echo !== undefined && { echo }) };
}

/** A backend that its client speaks to in its own protocol takes what that client sends, unless it is known not to. */
function quirksFor({ quirks = {}, ownFields: own }: EncodeTarget): TargetQuirks {
  if (!own) return quirks;
  const { reasoningEffort = true, openaiFields = true, strictTools = true } = quirks;
  return { ...quirks, reasoningEffort, openaiFields, strictTools, topK: true };
}

function encodeSampling(request: TurnRequest, body: JsonObject, quirks: TargetQuirks, losses: Loss[]): void {
  if (request.maxOutputTokens !== undefined) {
    body[quirks.maxCompletionTokens ? 'max_completion_tokens' : 'max_tokens'] = request.maxOutputTokens;
  }
  if (request.temperature !== undefined) body.temperature = request.temperature;
  if (request.topP !== undefined) body.top_p = request.topP;
  if (request.frequencyPenalty !== undefined) body.frequency_penalty = request.frequencyPenalty;
  if (request.presencePenalty !== undefined) body.presence_penalty = request.presencePenalty;
  if (request.seed !== undefined) body.seed = request.seed;
  if (request.stop?.length) body.stop = request.stop;
  if (request.topK !== undefined && quirks.topK) body.top_k = request.topK;
  else if (request.topK !== undefined) {
    losses.push({ path: 'topK', what: 'top_k', why: 'Chat Completions has no such field' });
  }
}

function encodeReasoning(
  reasoning: ReasoningRequest | undefined,
  body: JsonObject,
  quirks: TargetQuirks,
  losses: Loss[],
): void {
  const effort = reasoning && chatEffort(reasoning);
  if (!effort) return;
  if (quirks.reasoningEffort) body.reasoning_effort = effort;
  else
    losses.push({
      path: 'reasoning',
      what: `reasoning effort ${effort}`,
      why: 'the backend takes no effort',
    });
}

function chatEffort({ effort, budgetTokens, disabled }: ReasoningRequest): ReasoningEffort | undefined {
  if (disabled) return 'none';
  return effort ?? (budgetTokens === undefined ? undefined : effortFromBudget(budgetTokens));
}

function encodeFormat(format: ResponseFormat, body: JsonObject, quirks: TargetQuirks, losses: Loss[]): void {
  if (format.type === 'text') return;
  if (format.type === 'json-object' || quirks.jsonSchema === false) {
    if (format.type === 'json-schema') {
      losses.push({ path: 'responseFormat', what: 'JSON schema', why: 'the backend only takes json_object' });
    }
    body.response_format = { type: 'json_object' };
    return;
  }
  const { name, description, schema, strict } = format;
  body.response_format = {
    type: 'json_schema',
    json_schema: {
      name,
      ...(description !== undefined && { description }),
      schema,
      ...(strict !== undefined && { strict }),
    },
  };
}

/** OpenAI's own extras: other backends answer 400 or 422 to fields they do not know. */
function encodeLabels(request: TurnRequest, body: JsonObject, quirks: TargetQuirks, losses: Loss[]): void {
  const label = (field: string, value: unknown): void => {
    if (value === undefined) return;
    if (quirks.openaiFields) body[field] = value;
    // `store: false` and a cache key are what every backend does anyway: nothing is lost without them.
    else if (value !== false && field !== 'prompt_cache_key') {
      losses.push({ path: field, what: field, why: 'only OpenAI takes it' });
    }
  };
  label('service_tier', openaiTier(request.serviceTier));
  label('verbosity', request.verbosity);
  label('metadata', request.metadata);
  label('store', request.store);
  label('user', fitUser(request));
  label('prompt_cache_key', request.cacheKey);
  if (request.cache)
    losses.push({ path: 'cache', what: 'cache mark', why: 'Chat Completions caches by itself' });
  if (request.previousResponseId !== undefined) {
    losses.push({
      path: 'previousResponseId',
      what: 'previous_response_id',
      why: 'Chat Completions keeps no state',
    });
  }
}
