import type { Rule } from '../rule.ts';
import { runnerRules } from './runner.ts';

/** Every rule. Their order means nothing: weight decides, then the place in the log. */
export const rules: readonly Rule[] = [...runnerRules];
