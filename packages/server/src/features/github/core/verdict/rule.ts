import type { VerdictKind } from '@vigiles/contract';
import { RE2JS } from 're2js';

/** One thing that logs say, and what it means. Rules are data: what decides is in the table, not in code. */
export interface Rule {
  /** Unique, kebab-case; shown with each verdict. */
  id: string;
  kind: VerdictKind;
  /** Whose words these are: `npm`, `gcc`, `runner`. */
  toolchain: string;
  /** In lower case. A line without any of them is never tried against the pattern. */
  words: readonly string[];
  /** RE2, tried on the clean line and on what is left of it without the prefix of whatever ran the tool. */
  pattern: string;
  /**
   * 1 to 100: how much it says. From 80 on it decides against whatever says less; a failure of the network has at most 75,
   * so that no word about networks outvotes an error of a compiler or an assertion.
   */
  weight: number;
  /** Whether the same jobs, run again unchanged, are likely to pass. */
  retryable: boolean;
  /** Where it counts: in the failed step, or in the whole job and its annotations. */
  scope?: 'step' | 'job';
  /** RE2 that another line must match, at most so many lines away; without it the rule does not hold. */
  near?: { pattern: string; within: number };
  /** RE2 that no line so close may match. */
  unless?: { pattern: string; within: number };
  /** RE2 that the same line must not match. */
  not?: string;
  /** Only on lines that GitHub marks so. */
  marker?: 'error';
  /** The first group of the pattern is a host: only one that is known to exist makes a retry sensible. */
  host?: true;
  /** It only repeats that other jobs failed: such a job decides nothing beside others. */
  follows?: true;
  /** What happened, after “The job x failed: ”. */
  because: string;
  examples: { match: readonly string[]; no_match: readonly string[] };
}

interface Around {
  matcher: RE2JS;
  within: number;
}

export interface CompiledRule extends Omit<Rule, 'near' | 'unless' | 'not'> {
  matcher: RE2JS;
  near: Around | null;
  unless: Around | null;
  not: RE2JS | null;
}

export function compileRule({ near, unless, not, ...rule }: Rule): CompiledRule {
  return {
    ...rule,
    matcher: RE2JS.compile(rule.pattern),
    near: near ? around(near) : null,
    unless: unless ? around(unless) : null,
    not: not === undefined ? null : RE2JS.compile(not),
  };
}

const around = ({ pattern, within }: { pattern: string; within: number }): Around => ({
  matcher: RE2JS.compile(pattern),
  within,
});

/** From this weight on a rule decides: an error of a compiler, an assertion, a killed process. */
export const decisiveWeight = 80;

const ownKinds: ReadonlySet<VerdictKind> = new Set(['build', 'test', 'lint']);
const outsideKinds: ReadonlySet<VerdictKind> = new Set(['infrastructure', 'rate_limit']);

/** It says for certain that the code under test is at fault. */
export const isOwnFault = (rule: Pick<Rule, 'kind' | 'weight'>): boolean =>
  ownKinds.has(rule.kind) && rule.weight >= decisiveWeight;

/** What it says has its cause outside the code and its configuration. */
export const isOutside = ({ kind }: Pick<Rule, 'kind'>): boolean => outsideKinds.has(kind);
