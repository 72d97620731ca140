import type { RuleSet } from './find-hits.ts';
import { rules } from './rules/index.ts';
import { compileRule } from './rule.ts';
import { indexWords } from './word-index.ts';

let made: RuleSet | null = null;

/** All rules, compiled when first asked for: whoever judges nothing pays nothing. */
export function ruleSet(): RuleSet {
  made ??= {
    rules: rules.map(compileRule),
    index: indexWords(rules.map(({ words }) => words)),
  };
  return made;
}
