/** What may be spent, in micro-dollars; undefined: no limit. */
export interface BudgetLimits {
  dailyMicros?: number | undefined;
  monthlyMicros?: number | undefined;
}

export type BudgetScope = 'whole' | 'device' | 'workspace' | 'provider';

/** By name; `*` is each one that has no entry of its own. */
type ByName = Readonly<Record<string, BudgetLimits>>;

/** The configured budgets. Its own fields are the whole's. */
export interface BudgetRules extends BudgetLimits {
  /** Where days and months begin; UTC unless given. */
  timeZone?: string;
  devices?: ByName;
  workspaces?: ByName;
  providers?: ByName;
}

/** What was spent on one account in the spans that are running. */
export interface SpentOn {
  scope: BudgetScope;
  /** `''` for the whole. */
  name: string;
  todayMicros: number;
  monthMicros: number;
}

/** A budget without limits. */
export const UNLIMITED: BudgetLimits = {};

/** The limits of one account. */
export function limitsOf(rules: BudgetRules, scope: BudgetScope, name: string): BudgetLimits {
  if (scope === 'whole') return rules;
  const named =
    scope === 'device' ? rules.devices : scope === 'workspace' ? rules.workspaces : rules.providers;
  // `hasOwn`: clients choose names of workspaces, and `constructor` is one.
  if (!named) return UNLIMITED;
  return (Object.hasOwn(named, name) ? named[name] : named['*']) ?? UNLIMITED;
}

/** Shares of a limit that are told, once per span. */
export const THRESHOLDS = [50, 75, 90, 100] as const;
export type Threshold = (typeof THRESHOLDS)[number];

/** The highest threshold that `spent` has reached; 0: none. A limit of nothing is told by its refusals alone. */
export function reached(spentMicros: number, limitMicros: number | undefined): Threshold | 0 {
  if (limitMicros === undefined || limitMicros <= 0) return 0;
  let highest: Threshold | 0 = 0;
  for (const threshold of THRESHOLDS) if (spentMicros * 100 >= limitMicros * threshold) highest = threshold;
  return highest;
}
