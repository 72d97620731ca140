import { holders, type Body } from './body.ts';
import type { Weight } from './edit.ts';

/** Leaving these out would answer another question: the provider's refusal is passed on instead. */
const NEVER = new Set([
  'model',
  'messages',
  'input',
  'instructions',
  'system',
  'contents',
  'systemInstruction',
  'system_instruction',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'toolConfig',
  'tool_config',
  'response_format',
  'text.format',
  'output_format',
  'output_config.format',
  'generationConfig.responseSchema',
  'generationConfig.responseJsonSchema',
  'generationConfig.responseMimeType',
  'n',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'stop',
  'stop_sequences',
  'generationConfig.stopSequences',
  'stream',
  'background',
  'conversation',
  'previous_response_id',
  'prompt',
  'modalities',
  'audio',
  'cachedContent',
  'mcp_servers',
  'container',
]);

/** Labels, caching and accounting: the answer is the same without them. */
const LABELS = new Set([
  'user',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
  'cache_control',
  'client_metadata',
  'extra_headers',
]);

/** Inside messages and tools these may go; everything else there is part of what was said. */
const NESTED = new Set([
  'cache_control',
  'strict',
  'name',
  'refusal',
  'annotations',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'signature',
  'thoughtSignature',
  'phase',
  'id',
  'status',
  'audio',
  'detail',
  'citations',
  'is_error',
  'defer_loading',
  'eager_input_streaming',
  'input_examples',
  'allowed_callers',
  'extra_content',
  'provider_specific_fields',
  'index',
]);

const LISTS = /^(?:messages|input|contents|tools|functions)\b/;

/**
 * What leaving a field out would cost. `never`: it must not be left out. Fields nobody has heard of may go with a
 * recorded loss: clients grow new ones faster than servers learn them.
 */
export function weigh(body: Body, field: string): Weight | 'never' {
  const found = holders(body, field);
  // Nothing is said by null, an empty list, or a switch that is off.
  if (found.every(({ holder, name }) => saysNothing(holder[name]))) return 'none';
  const last = field.slice(field.lastIndexOf('.') + 1);
  if (LISTS.test(field) && field.includes('.')) {
    if (last === 'name' && !/^(?:messages|input)\[\]\.name$/.test(field)) return 'never';
    if (last === 'id' && !/^(?:messages|input)\[\]\.id$/.test(field)) return 'never';
    if (!NESTED.has(last)) return 'never';
    return last === 'cache_control' || last === 'id' || last === 'status' || last === 'index'
      ? 'none'
      : 'softens';
  }
  if (NEVER.has(field)) return 'never';
  if (LABELS.has(last)) return 'none';
  if (field === 'parallel_tool_calls' && body['parallel_tool_calls'] === true) return 'none';
  return 'softens';
}

const saysNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0);
