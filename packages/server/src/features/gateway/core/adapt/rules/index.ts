import { featureRule } from './features.ts';
import { fieldRule } from './fields.ts';
import { limitRule, windowRule } from './limits.ts';
import { messageRule } from './messages.ts';
import type { Rule } from './rule.ts';
import { valueRule } from './values.ts';

/** From special to general: the first that understands the words decides. */
export const rules: readonly Rule[] = [windowRule, limitRule, messageRule, featureRule, valueRule, fieldRule];
