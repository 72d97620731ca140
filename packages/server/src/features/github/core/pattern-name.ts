import type { VerdictKind } from '@vigiles/contract';

const words: Partial<Record<VerdictKind, string>> = {
  build: 'build_failure',
  test: 'test_failure',
  lint: 'lint_failure',
  configuration: 'configuration_error',
  infrastructure: 'infrastructure_error',
};

/** The name of a pattern in the words of the console: `Deploy:build_failure`. */
export const patternName = (workflow: string, kind: VerdictKind): string =>
  `${workflow}:${words[kind] ?? kind}`;
