import type { Loss, TurnRequest } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import { noteVendorFields, ownFields } from '../losses/note.ts';
import type { EncodedRequest, EncodeTarget } from '../protocol.ts';
import { createToolNames } from '../tools/index.ts';
import { encodeCache, type BlockEncoding, type JsonObject } from './encode-blocks.ts';
import { encodeMessages, type MessagesMessageOut } from './encode-messages.ts';
import { isThinking } from './encode-thinking.ts';
import { declareUsedTools, encodeToolChoice, encodeTools } from './encode-tools.ts';
import { encodeThinkingConfig, type ThinkingConfig } from './thinking-config.ts';

const DEFAULT_MAX_TOKENS = 32_000;

/** Writes a turn request for a Messages backend. */
export function encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  const losses: Loss[] = [];
  const names = createToolNames(request.tools);
  const encoding: BlockEncoding = { names, target, losses };
  const maxTokens = request.maxOutputTokens ?? target.defaultMaxOutputTokens ?? DEFAULT_MAX_TOKENS;
  const tools = encodeTools(request, encoding);
  const { system, messages } = encodeMessages(request.messages, encoding);
  const config = admitThinking(
    encodeThinkingConfig(request.reasoning, target, maxTokens, losses),
    messages,
    losses,
  );

  const body: JsonObject = { model: target.model, max_tokens: maxTokens };
  if (system.length) body.system = isPlain(system) ? system[0]?.text : system;
  body.messages = messages.map(writeMessage);
  if (tools.length) {
    body.tools = tools;
    const choice = encodeToolChoice(request, config.active, encoding);
    if (choice) body.tool_choice = choice;
  } else {
    const used = declareUsedTools(request, encoding);
    if (used.length) Object.assign(body, { tools: used, tool_choice: { type: 'none' } });
  }
  if (config.thinking) body.thinking = config.thinking;
  const output = encodeOutputConfig(request, config, target, losses);
  if (output) body.output_config = output;
  encodeSampling(request, body, config.active, losses);
  if (request.user !== undefined) body.metadata = { user_id: request.user };
  if (request.serviceTier === 'auto' || request.serviceTier === 'standard_only')
    body.service_tier = request.serviceTier;
  Object.assign(body, encodeCache(request.cache));
  body.stream = request.stream;
  noteUncarried(request, losses);
  const kept = ownFields(request, 'anthropic-messages', target);
  const { output_config: more, ...own } = kept;
  Object.assign(body, own);
  if (more) body.output_config = { ...asRecord(more), ...output };
  noteVendorFields(request, 'anthropic-messages', losses, kept);
  return { body, names, losses };
}

/** Thinking is taken back where the history does not allow it, instead of having the whole turn refused. */
function admitThinking(
  config: ThinkingConfig,
  messages: readonly MessagesMessageOut[],
  losses: Loss[],
): ThinkingConfig {
  if (config.thinking?.type !== 'enabled') {
    if (!config.active || messages.at(-1)?.role !== 'assistant') return config;
  }
  const why = refusalOfThinking(messages);
  if (why === undefined) return config;
  losses.push({ path: 'reasoning', what: 'reasoning', why });
  return { active: false };
}

function refusalOfThinking(messages: readonly MessagesMessageOut[]): string | undefined {
  const last = messages.at(-1);
  if (last?.role === 'assistant') return 'Anthropic refuses thinking together with a begun answer';
  if (!last?.content.some((block) => block.type === 'tool_result')) return undefined;
  const before = messages.findLast((message) => message.role === 'assistant');
  return before && !isThinking(before.content[0])
    ? 'inside a tool loop Anthropic wants the thinking that led to the call, and there is none it signed'
    : undefined;
}

function isPlain(blocks: readonly JsonObject[]): boolean {
  return blocks.length === 1 && blocks[0]?.cache_control === undefined;
}

function writeMessage({ role, content }: MessagesMessageOut): JsonObject {
  const only = content.length === 1 ? content[0] : undefined;
  return { role, content: only?.type === 'text' && !only.cache_control ? only.text : content };
}

function encodeOutputConfig(
  request: TurnRequest,
  config: ThinkingConfig,
  target: EncodeTarget,
  losses: Loss[],
): JsonObject | undefined {
  const output: JsonObject = {};
  if (config.effort !== undefined) output.effort = config.effort;
  const format = request.responseFormat;
  if (format?.type === 'json-object') {
    losses.push({ path: 'responseFormat', what: 'json_object', why: 'Messages only knows schemas' });
  } else if (format?.type === 'json-schema') {
    if (target.quirks?.jsonSchema === false) {
      losses.push({ path: 'responseFormat', what: 'JSON schema', why: 'the backend takes none' });
    } else output.format = { type: 'json_schema', schema: format.schema };
  }
  return Object.keys(output).length ? output : undefined;
}

function encodeSampling(request: TurnRequest, body: JsonObject, thinking: boolean, losses: Loss[]): void {
  const { temperature, topP, topK, stop } = request;
  const withThinking = 'Anthropic refuses it together with thinking';
  if (temperature !== undefined) {
    if (thinking && temperature !== 1)
      losses.push({ path: 'temperature', what: 'temperature', why: withThinking });
    else body.temperature = Math.min(1, temperature);
    if (temperature > 1)
      losses.push({ path: 'temperature', what: `temperature ${temperature}`, why: 'Messages ends at 1' });
  }
  if (topP !== undefined) {
    if (thinking && topP < 0.95) losses.push({ path: 'topP', what: 'top_p', why: withThinking });
    else if (body.temperature !== undefined) {
      losses.push({ path: 'topP', what: 'top_p', why: 'newer models refuse it beside temperature' });
    } else body.top_p = topP;
  }
  if (topK !== undefined) {
    if (thinking) losses.push({ path: 'topK', what: 'top_k', why: withThinking });
    else body.top_k = topK;
  }
  const visible = stop?.filter((sequence) => sequence.trim() !== '') ?? [];
  if (visible.length) body.stop_sequences = visible;
  if (stop && visible.length < stop.length) {
    losses.push({ path: 'stop', what: 'stop sequence of white space', why: 'Anthropic refuses it' });
  }
}

function noteUncarried(request: TurnRequest, losses: Loss[]): void {
  const uncarried = {
    frequencyPenalty: request.frequencyPenalty || undefined,
    presencePenalty: request.presencePenalty || undefined,
    seed: request.seed,
    verbosity: request.verbosity,
    metadata: request.metadata,
    store: request.store || undefined,
    previousResponseId: request.previousResponseId,
  };
  for (const [path, value] of Object.entries(uncarried)) {
    if (value !== undefined) losses.push({ path, what: path, why: 'Messages has no such field' });
  }
  const tier = request.serviceTier;
  if (tier !== undefined && tier !== 'auto' && tier !== 'standard_only' && tier !== 'default') {
    losses.push({ path: 'serviceTier', what: `service tier ${tier}`, why: 'Messages has no such tier' });
  }
}
