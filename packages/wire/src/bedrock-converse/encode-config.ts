import type { ReasoningEffort, TurnRequest } from '../canonical/index.ts';
import { encodeThinkingConfig } from '../anthropic-messages/thinking-config.ts';
import { effortFromBudget } from '../reasoning/effort.ts';
import type { BlockEncoding, JsonObject } from './encode-blocks.ts';
import type { ConverseMessageOut } from './encode-messages.ts';

/** Output limit beside a thinking budget, which must stay below it, where the client named none. */
const THINKING_MAX_TOKENS = 32_000;

export interface EncodedConfig {
  inferenceConfig: JsonObject;
  /** What only the model's maker understands. */
  additional: JsonObject;
  thinking: boolean;
}

/** Sampling, limits and thinking. What is not one of Converse's four settings is told in the model's own words. */
export function encodeConfig(
  request: TurnRequest,
  messages: readonly ConverseMessageOut[],
  encoding: BlockEncoding,
): EncodedConfig {
  const { losses } = encoding;
  const config: EncodedConfig = { inferenceConfig: {}, additional: {}, thinking: false };
  if (request.maxOutputTokens !== undefined) config.inferenceConfig.maxTokens = request.maxOutputTokens;
  encodeThinking(request, messages, encoding, config);
  const { temperature, topP, topK, stop } = request;
  const { inferenceConfig, additional, thinking } = config;
  const withThinking = 'it is refused together with thinking';
  if (temperature !== undefined) {
    if (thinking && temperature !== 1)
      losses.push({ path: 'temperature', what: 'temperature', why: withThinking });
    else inferenceConfig.temperature = Math.min(1, temperature);
    if (temperature > 1)
      losses.push({ path: 'temperature', what: `temperature ${temperature}`, why: 'Converse ends at 1' });
  }
  if (topP !== undefined) {
    if (thinking && topP < 0.95) losses.push({ path: 'topP', what: 'top_p', why: withThinking });
    else if (encoding.family === 'claude' && inferenceConfig.temperature !== undefined)
      losses.push({ path: 'topP', what: 'top_p', why: 'newer models refuse it beside temperature' });
    else inferenceConfig.topP = topP;
  }
  if (topK !== undefined) {
    if (encoding.family === 'claude' && !thinking) additional.top_k = topK;
    else if (encoding.family === 'nova') additional.inferenceConfig = { topK };
    else losses.push({ path: 'topK', what: 'top_k', why: thinking ? withThinking : 'Converse has none' });
  }
  const visible = stop?.filter((sequence) => sequence.trim() !== '') ?? [];
  if (visible.length) inferenceConfig.stopSequences = visible;
  if (stop && visible.length < stop.length)
    losses.push({ path: 'stop', what: 'stop sequence of white space', why: 'it is refused' });
  return config;
}

function encodeThinking(
  { reasoning, maxOutputTokens }: TurnRequest,
  messages: readonly ConverseMessageOut[],
  { family, target, losses }: BlockEncoding,
  config: EncodedConfig,
): void {
  if (!reasoning) return;
  const { effort, budgetTokens } = reasoning;
  const off = reasoning.disabled === true || effort === 'none';
  if (family === 'claude') {
    const limit = maxOutputTokens ?? THINKING_MAX_TOKENS;
    const encoded = encodeThinkingConfig(reasoning, target, limit, losses);
    if (off || !encoded.thinking) return;
    const why = refusalOfThinking(messages);
    if (why !== undefined) {
      losses.push({ path: 'reasoning', what: 'reasoning', why });
      return;
    }
    config.thinking = true;
    config.inferenceConfig.maxTokens = limit;
    config.additional.thinking = encoded.thinking;
    if (encoded.effort !== undefined) config.additional.output_config = { effort: encoded.effort };
    return;
  }
  const meant = effort ?? (budgetTokens === undefined ? undefined : effortFromBudget(budgetTokens));
  if (off || meant === undefined) return;
  if (family === 'gpt-oss') config.additional.reasoning_effort = level(meant);
  else if (family === 'nova' && /nova-2/.test(target.model))
    config.additional.reasoningConfig = { type: 'enabled', maxReasoningEffort: level(meant) };
  else losses.push({ path: 'reasoning', what: 'reasoning', why: 'the model has no setting for it' });
}

function level(effort: ReasoningEffort): 'low' | 'medium' | 'high' {
  if (effort === 'minimal' || effort === 'low') return 'low';
  return effort === 'medium' ? 'medium' : 'high';
}

/** Claude refuses to think where its answer was begun, or in a tool loop whose first step it did not sign. */
function refusalOfThinking(messages: readonly ConverseMessageOut[]): string | undefined {
  const last = messages.at(-1);
  if (last?.role === 'assistant') return 'thinking is refused together with a begun answer';
  if (!last?.content.some((block) => block.toolResult)) return undefined;
  const before = messages.findLast(({ role }) => role === 'assistant');
  return before && !before.content[0]?.reasoningContent
    ? 'inside a tool loop the thinking that led to the call is wanted, and there is none it signed'
    : undefined;
}
