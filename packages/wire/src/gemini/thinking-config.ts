import type { Loss, ReasoningEffort, ReasoningRequest } from '../canonical/index.ts';
import { budgetFromEffort, effortFromBudget } from '../reasoning/effort.ts';
import type { ModelFamily } from './model-family.ts';

type JsonObject = Record<string, unknown>;

/** Smallest and largest thinking budget by tier of Gemini 2.5; only `pro` cannot be switched off. */
const BUDGETS: Record<ModelFamily['tier'], { min: number; max: number }> = {
  pro: { min: 128, max: 32_768 },
  flash: { min: 1, max: 24_576 },
  'flash-lite': { min: 512, max: 24_576 },
  other: { min: 128, max: 24_576 },
};

/**
 * `thinkingConfig` for what the client asked about thinking: levels from Gemini 3 on, a budget in tokens for 2.5 and for
 * names that do not tell (newer models still take it), nothing before.
 */
export function encodeThinking(
  reasoning: ReasoningRequest | undefined,
  family: ModelFamily,
  losses: Loss[],
): JsonObject | undefined {
  if (!reasoning) return undefined;
  const { version } = family;
  const off = reasoning.disabled === true || reasoning.effort === 'none';
  if (version !== undefined && version < 2.5) {
    if (!off) losses.push({ path: 'reasoning', what: 'reasoning', why: 'the model does not think' });
    return undefined;
  }
  const wanted =
    version !== undefined && version >= 3
      ? level(reasoning, off, family, losses)
      : budget(reasoning, off, family, losses);
  const shown = !off && reasoning.summary !== 'none';
  if (!wanted && !shown) return undefined;
  return { ...wanted, ...(shown && { includeThoughts: true }) };
}

function level(
  { effort, budgetTokens }: ReasoningRequest,
  off: boolean,
  { version, tier }: ModelFamily,
  losses: Loss[],
): JsonObject | undefined {
  if (off) noteAlwaysThinks(losses);
  const meant = off
    ? 'minimal'
    : (effort ?? (budgetTokens === undefined ? undefined : effortFromBudget(budgetTokens)));
  if (!meant) return undefined;
  return { thinkingLevel: levelWord(meant, tier !== 'pro', version !== undefined && version > 3) };
}

/** Gemini 3 Pro began with `low` and `high`; Flash has all four. */
function levelWord(effort: ReasoningEffort, all: boolean, medium: boolean): string {
  if (effort === 'none' || effort === 'minimal') return all ? 'minimal' : 'low';
  if (effort === 'low') return 'low';
  return effort === 'medium' && (all || medium) ? 'medium' : 'high';
}

function budget(
  { effort, budgetTokens, adaptive }: ReasoningRequest,
  off: boolean,
  { tier }: ModelFamily,
  losses: Loss[],
): JsonObject | undefined {
  const { min, max } = BUDGETS[tier];
  if (off) {
    if (tier !== 'pro') return { thinkingBudget: 0 };
    noteAlwaysThinks(losses);
    return { thinkingBudget: min };
  }
  const tokens = budgetTokens ?? (effort && budgetFromEffort(effort));
  if (tokens === undefined) return adaptive ? { thinkingBudget: -1 } : undefined;
  return { thinkingBudget: Math.min(max, Math.max(min, tokens)) };
}

function noteAlwaysThinks(losses: Loss[]): void {
  losses.push({
    path: 'reasoning',
    what: 'reasoning off',
    why: 'the model always thinks; it is asked for the least',
  });
}
