import type { Loss, ResponseFormat, TurnRequest } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import type { JsonObject } from './encode-parts.ts';
import type { ModelFamily } from './model-family.ts';
import { encodeThinking } from './thinking-config.ts';
import { toGeminiSchema } from './to-gemini-schema.ts';

/** Gemini refuses more stop sequences than this. */
const MAX_STOPS = 5;

/** `generationConfig`, with what a Gemini client put there that only Gemini knows. */
export function encodeConfig(
  request: TurnRequest,
  family: ModelFamily,
  tools: boolean,
  losses: Loss[],
): JsonObject | undefined {
  const kept =
    request.vendor?.protocol === 'gemini' ? asRecord(request.vendor.fields.generationConfig) : undefined;
  const config: JsonObject = { ...kept };
  const { maxOutputTokens, temperature, topP, topK, seed, presencePenalty, frequencyPenalty } = request;
  const numbers = { maxOutputTokens, temperature, topP, topK, seed, presencePenalty, frequencyPenalty };
  for (const [field, value] of Object.entries(numbers)) if (value !== undefined) config[field] = value;
  const stop = request.stop?.filter((sequence) => sequence !== '') ?? [];
  if (stop.length) config.stopSequences = stop.slice(0, MAX_STOPS);
  if (stop.length > MAX_STOPS) {
    losses.push({ path: 'stop', what: 'stop sequences', why: `Gemini takes at most ${MAX_STOPS}` });
  }
  if (request.responseFormat) encodeFormat(request.responseFormat, config, family, tools, losses);
  const thinking = encodeThinking(request.reasoning, family, losses);
  if (thinking) config.thinkingConfig = thinking;
  return Object.keys(config).length ? config : undefined;
}

function encodeFormat(
  format: ResponseFormat,
  config: JsonObject,
  { version }: ModelFamily,
  tools: boolean,
  losses: Loss[],
): void {
  if (format.type === 'text') return;
  if (tools && version !== undefined && version < 3) {
    const why = 'before Gemini 3 it is refused together with functions';
    losses.push({ path: 'responseFormat', what: 'JSON answer', why });
    return;
  }
  config.responseMimeType = 'application/json';
  if (format.type !== 'json-schema') return;
  if (format.fullSchema) config.responseJsonSchema = format.schema;
  else config.responseSchema = toGeminiSchema(format.schema, 'responseFormat.schema', losses);
}
