import type { ModelRates } from './cost.ts';

/** What a model may be asked for beyond text. */
export const abilities = ['images', 'tools', 'reasoning', 'structuredOutput'] as const;
export type Ability = (typeof abilities)[number];

/** What one source says of a model: the configuration, the provider's own listing, the price tables. Absent: it does not say. */
export interface StatedFacts {
  contextWindow?: number;
  maxOutputTokens?: number;
  abilities?: Partial<Record<Ability, boolean>>;
  rates?: ModelRates;
  cutsSilently?: boolean;
  trainedWindow?: number;
}

/** What is known of a model at one provider. `null`: nobody said, which is neither yes nor no. */
export interface ModelFacts {
  /** Tokens, input and output together. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly abilities: Readonly<Record<Ability, boolean | null>>;
  /** Micro-dollars per token; null: unpriced. */
  readonly rates: ModelRates | null;
  /** The server drops the start of a longer prompt without a word, so what does not fit must not be sent. */
  readonly cutsSilently: boolean;
  /** What the model was made for, where its server may give it less than that. */
  readonly trainedWindow: number | null;
}

/** The first source that says something wins, field by field. Rates are taken whole: half of a price list is none. */
export function mergeFacts(sources: readonly (StatedFacts | undefined)[]): ModelFacts {
  const first = <T>(read: (source: StatedFacts) => T | undefined): T | null => {
    for (const source of sources) {
      const said = source && read(source);
      if (said !== undefined) return said;
    }
    return null;
  };
  const able = (ability: Ability) => first((source) => source.abilities?.[ability]);
  return {
    contextWindow: first((source) => source.contextWindow),
    maxOutputTokens: first((source) => source.maxOutputTokens),
    abilities: {
      images: able('images'),
      tools: able('tools'),
      reasoning: able('reasoning'),
      structuredOutput: able('structuredOutput'),
    },
    rates: first((source) => source.rates),
    cutsSilently: first((source) => source.cutsSilently) ?? false,
    trainedWindow: first((source) => source.trainedWindow),
  };
}

/** Four bytes of JSON are about a token. */
const BYTES_PER_TOKEN = 4;

/** What a turn loses where its server cuts a prompt that is too long without a word; null: it fits, or nobody can say. */
export function silentCut(facts: ModelFacts, bodyBytes: number): { window: number; tokens: number } | null {
  const window = facts.contextWindow;
  if (!facts.cutsSilently || window === null) return null;
  const tokens = Math.ceil(bodyBytes / BYTES_PER_TOKEN);
  return tokens > window ? { window, tokens } : null;
}
