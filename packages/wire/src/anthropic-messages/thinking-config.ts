import type { Loss, ReasoningEffort, ReasoningRequest } from '../canonical/index.ts';
import type { EncodeTarget } from '../protocol.ts';
import { budgetFromEffort, effortFromBudget } from '../reasoning/effort.ts';
import { claudeVersion } from './claude-version.ts';

type JsonObject = Record<string, unknown>;

export interface ThinkingConfig {
  thinking?: JsonObject;
  /** For `output_config.effort`. */
  effort?: string;
  /** The model will think: no temperature, no forced tool. */
  active: boolean;
}

/** The smallest budget Anthropic accepts. */
const MIN_BUDGET = 1024;

/** How a model is told to think, from its name: Claude 4.6 and later decide themselves, others take a budget. */
function thinkingStyle({ model, quirks }: EncodeTarget): 'budget' | 'adaptive' | 'none' {
  if (quirks?.thinking) return quirks.thinking;
  const version = claudeVersion(model);
  if (version === undefined) return 'budget';
  if (version < 3.07) return 'none';
  return version >= 4.06 ? 'adaptive' : 'budget';
}

/** What the client asked about thinking, as this target takes it. */
export function encodeThinkingConfig(
  reasoning: ReasoningRequest | undefined,
  target: EncodeTarget,
  maxTokens: number,
  losses: Loss[],
): ThinkingConfig {
  if (!reasoning) return { active: false };
  if (reasoning.disabled || reasoning.effort === 'none') {
    return { thinking: { type: 'disabled' }, active: false, ...effortWord(reasoning, target) };
  }
  const { effort, budgetTokens, adaptive } = reasoning;
  if (effort === undefined && budgetTokens === undefined && !adaptive) return { active: false };
  const style = thinkingStyle(target);
  if (style === 'none') {
    losses.push({ path: 'reasoning', what: 'reasoning', why: 'the model does not think' });
    return { active: false };
  }
  if (style === 'adaptive' && budgetTokens === undefined) {
    return { thinking: { type: 'adaptive' }, active: true, ...effortWord(reasoning, target) };
  }
  const wanted = budgetTokens ?? Math.min(budgetFromEffort(effort ?? 'high'), Math.floor(maxTokens * 0.8));
  const budget = Math.min(Math.max(wanted, MIN_BUDGET), maxTokens - 1);
  if (budget < MIN_BUDGET) {
    const why = `thinking needs at least ${MIN_BUDGET} tokens below max_tokens`;
    losses.push({ path: 'reasoning', what: 'reasoning', why });
    return { active: false };
  }
  return {
    thinking: { type: 'enabled', budget_tokens: budget },
    active: true,
    ...effortWord(reasoning, target),
  };
}

const WORDS: Partial<Record<ReasoningEffort, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};

function effortWord(
  { effort, budgetTokens, adaptive }: ReasoningRequest,
  target: EncodeTarget,
): { effort?: string } {
  if (thinkingStyle(target) !== 'adaptive') return {};
  const meant =
    effort ?? (adaptive && budgetTokens !== undefined ? effortFromBudget(budgetTokens) : undefined);
  const word = meant && WORDS[meant];
  return word ? { effort: word } : {};
}
