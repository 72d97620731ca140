import type { Rule } from '../rule.ts';
import { accessRules } from './access.ts';
import { buildRules } from './builds.ts';
import { limitRules } from './limits.ts';
import { lintRules } from './lints.ts';
import { networkOtherRules } from './network-jvm-others.ts';
import { networkPackageRules } from './network-packages.ts';
import { networkSystemRules } from './network-system.ts';
import { runnerRules } from './runner.ts';
import { settingRules } from './settings.ts';
import { testRules } from './tests.ts';

/** Every rule. Their order means nothing: weight decides, then the place in the log. */
export const rules: readonly Rule[] = [
  ...runnerRules,
  ...networkPackageRules,
  ...networkOtherRules,
  ...networkSystemRules,
  ...limitRules,
  ...accessRules,
  ...settingRules,
  ...buildRules,
  ...testRules,
  ...lintRules,
];
