import type { ReasoningEffort, ReasoningRequest, ResponseFormat, TurnRequest } from '../canonical/index.ts';
import { fromGeminiSchema } from './from-gemini-schema.ts';
import type { GenerationConfig } from './schema.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidateCount',
  'stopSequences',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
]);

const LEVELS: ReadonlySet<string> = new Set(['minimal', 'low', 'medium', 'high']);

/** Puts `generationConfig` into a request; what no other protocol has is answered, to be kept as it is. */
export function decodeConfig(config: GenerationConfig, request: TurnRequest): Record<string, unknown> {
  if (config.maxOutputTokens) request.maxOutputTokens = config.maxOutputTokens;
  const numbers = ['temperature', 'topP', 'topK', 'seed', 'presencePenalty', 'frequencyPenalty'] as const;
  for (const field of numbers) {
    const value = config[field];
    if (typeof value === 'number') request[field] = value;
  }
  if (config.stopSequences?.length) request.stop = config.stopSequences;
  const format = decodeFormat(config);
  if (format) request.responseFormat = format;
  const reasoning = config.thinkingConfig && decodeThinking(config.thinkingConfig);
  if (reasoning) request.reasoning = reasoning;
  const rest = Object.entries(config).filter(
    ([name, value]) => value !== null && value !== undefined && !KNOWN.has(name),
  );
  const { responseMimeType: mime, responseSchema: schema } = config;
  // One word out of several, for instance.
  if (mime && mime !== 'application/json' && mime !== 'text/plain') {
    rest.push(['responseMimeType', mime]);
    if (schema) rest.push(['responseSchema', schema]);
  }
  return Object.fromEntries(rest);
}

function decodeFormat(config: GenerationConfig): ResponseFormat | undefined {
  if (config.responseMimeType !== 'application/json') return undefined;
  // Gemini's formats have no name; protocols that need one get this.
  const named = { type: 'json-schema', name: 'answer' } as const;
  if (config.responseJsonSchema) return { ...named, schema: config.responseJsonSchema, fullSchema: true };
  if (config.responseSchema) return { ...named, schema: fromGeminiSchema(config.responseSchema) };
  return { type: 'json-object' };
}

function decodeThinking(
  thinking: NonNullable<GenerationConfig['thinkingConfig']>,
): ReasoningRequest | undefined {
  const reasoning: ReasoningRequest = {};
  const level = thinking.thinkingLevel?.toLowerCase();
  const budget = thinking.thinkingBudget;
  if (level && LEVELS.has(level)) reasoning.effort = level as ReasoningEffort;
  else if (budget === 0) reasoning.disabled = true;
  else if (budget === -1) reasoning.adaptive = true;
  else if (typeof budget === 'number' && budget > 0) reasoning.budgetTokens = budget;
  if (thinking.includeThoughts) reasoning.summary = 'auto';
  return Object.keys(reasoning).length ? reasoning : undefined;
}
