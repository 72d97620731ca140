import type { Ability, StatedFacts } from '../model-facts.ts';
import { ratesIn } from './rates-in-row.ts';
import type { Row } from './read-model-list.ts';

/**
 * What a row of a model list says, whatever its vendor calls it. Fields by vendor:
 * `context_length` OpenRouter, Together, Fireworks, Moonshot, Cohere, xAI · `context_window` Groq · `max_model_len` vLLM ·
 * `max_context_length` Mistral, LM Studio · `loaded_context_length` LM Studio, while loaded · `inputTokenLimit` Gemini ·
 * `max_input_tokens` Anthropic · `limits` GitHub Models and Cerebras · `providers[]` Hugging Face · `meta.n_ctx` llama.cpp.
 */
export function factsIn(row: Row): StatedFacts {
  const facts: StatedFacts = {};
  const window = tokens(
    row['loaded_context_length'],
    row['context_length'],
    row['context_window'],
    row['max_model_len'],
    row['max_context_length'],
    row['inputTokenLimit'],
    row['max_input_tokens'],
    inside(row, 'limits', 'max_context_length'),
    inside(row, 'limits', 'max_input_tokens'),
    inside(row, 'meta', 'n_ctx'),
    largest(row['providers'], 'context_length'),
  );
  if (window !== undefined) facts.contextWindow = window;
  const output = tokens(
    row['max_completion_tokens'],
    row['max_output_tokens'],
    row['outputTokenLimit'],
    inside(row, 'top_provider', 'max_completion_tokens'),
    inside(row, 'limits', 'max_output_tokens'),
    inside(row, 'limits', 'max_completion_tokens'),
    // Anthropic's name for it; elsewhere the same name means the whole window.
    row['max_input_tokens'] === undefined ? undefined : row['max_tokens'],
  );
  if (output !== undefined) facts.maxOutputTokens = output;
  const able = abilitiesIn(row);
  if (Object.keys(able).length > 0) facts.abilities = able;
  const rates = ratesIn(row);
  if (rates) facts.rates = rates;
  return facts;
}

/** The words by which vendors name an ability, in `capabilities`, `supported_parameters` and `features`. */
const WORDS: Record<Ability, readonly string[]> = {
  images: ['vision', 'image', 'image_input', 'supports_image_input', 'image-input', 'multimodal'],
  tools: [
    'tools',
    'tool_use',
    'tool-calling',
    'tool_calling',
    'function_calling',
    'functions',
    'supports_tools',
  ],
  reasoning: ['reasoning', 'thinking', 'reasoning_effort', 'include_reasoning'],
  structuredOutput: ['structured_outputs', 'structured_output', 'json_schema', 'response_schema'],
};

function abilitiesIn(row: Row): Partial<Record<Ability, boolean>> {
  const able: Partial<Record<Ability, boolean>> = {};
  for (const [ability, words] of Object.entries(WORDS) as [Ability, readonly string[]][]) {
    const said = saidOf(row, words);
    if (said !== undefined) able[ability] = said;
  }
  const modalities = row['supported_input_modalities'] ?? inside(row, 'architecture', 'input_modalities');
  if (Array.isArray(modalities)) able.images = modalities.includes('image');
  if (typeof row['thinking'] === 'boolean') able.reasoning = row['thinking'];
  if (row['supports_image_in'] === true || row['type'] === 'vlm') able.images = true;
  if (row['supports_reasoning'] === true) able.reasoning = true;
  const serving = row['providers'];
  if (Array.isArray(serving)) {
    const any = (field: string) => serving.some((one: Row | null) => one?.[field] === true);
    able.tools = any('supports_tools');
    able.structuredOutput = any('supports_structured_output');
  }
  return able;
}

/**
 * `supported_parameters` and `features` are complete: what they leave out the model does not take. A `capabilities` list
 * (LM Studio, GitHub Models) is sure to name tools only. An object says yes or no itself.
 */
function saidOf(row: Row, words: readonly string[]): boolean | undefined {
  const { capabilities } = row;
  if (isRow(capabilities)) {
    for (const word of words) {
      const said = capabilities[word];
      if (typeof said === 'boolean') return said;
      if (isRow(said) && typeof said['supported'] === 'boolean') return said['supported'];
      if (Array.isArray(said)) return said.length > 0;
    }
  }
  for (const list of [row['supported_parameters'], row['features']]) {
    if (Array.isArray(list) && list.length > 0) return words.some((word) => list.includes(word));
  }
  if (Array.isArray(capabilities)) {
    if (words.some((word) => capabilities.includes(word))) return true;
    return words === WORDS.tools ? false : undefined;
  }
  for (const word of words) {
    const said = row[word];
    if (typeof said === 'boolean') return said;
  }
  return undefined;
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inside = (row: Row, field: string, name: string): unknown => {
  const value = row[field];
  return isRow(value) ? value[name] : undefined;
};

/** The first that is a plausible number of tokens. */
function tokens(...values: unknown[]): number | undefined {
  for (const value of values) {
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1e9) return value;
  }
  return undefined;
}

function largest(rows: unknown, field: string): number | undefined {
  if (!Array.isArray(rows)) return undefined;
  const values = rows.map((row: Row | null) => tokens(row?.[field]) ?? 0);
  return values.length > 0 ? Math.max(...values) : undefined;
}
