import type { BudgetState } from '@vigiles/contract';
import type { Tone } from '../../../live/describe-event.ts';

/** Shares of a budget at which it is told. */
export const THRESHOLDS = [50, 75, 90, 100] as const;

/** How a budget stands. Shares are 0 to 1 of the limit, together at most 1. */
export interface BudgetLine {
  name: string;
  tone: Tone;
  /** The highest threshold that was reached, in words. */
  word: string;
  spent: number;
  reserved: number;
  /** Percent of the limit, rounded down: 100 is only said of a budget that is gone. */
  percent: number;
}

const scopes: Record<BudgetState['scope'], string> = {
  whole: 'Everything',
  device: 'Device',
  workspace: 'Workspace',
  provider: 'Provider',
};

/** A budget as a bar and words. */
export function budgetLine({
  scope,
  name,
  limit_micros: limit,
  spent_micros: spent,
  reserved_micros: held,
}: BudgetState): BudgetLine {
  const share = limit <= 0 ? 1 : Math.min(1, spent / limit);
  const percent = limit <= 0 ? 100 : Math.floor((spent / limit) * 100);
  const reached = THRESHOLDS.findLast((each) => percent >= each) ?? 0;
  return {
    name: name === null ? scopes[scope] : `${scopes[scope]} ${name}`,
    tone: reached === 100 ? 'bad' : reached === 90 ? 'warn' : 'idle',
    word: reached === 100 ? 'used up' : reached === 0 ? '' : `over ${reached}%`,
    spent: share,
    reserved: limit <= 0 ? 0 : Math.min(1 - share, (held ?? 0) / limit),
    percent,
  };
}
