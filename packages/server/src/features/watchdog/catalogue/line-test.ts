import type { FaultDetector } from '@vigiles/contract';
import type { LineTest } from '../core/detect/compiled.ts';
import { createMatcher } from '../signals/match/matcher.ts';
import { logLevels, type LogLevel, type LogPattern } from '../signals/match/pattern.ts';

type LogDetector = Extract<FaultDetector, { type: 'log' }>;

/** A log detector as the matcher takes it. A literal stays literal. */
export function patternOf(id: string, detector: LogDetector): LogPattern {
  const { literal, regex, ignore_case: ignoreCase, scope } = detector;
  const levels = scope.level.filter((level): level is LogLevel => logLevels.some((known) => known === level));
  return {
    id,
    kind: literal === undefined ? 'regex' : 'literal',
    pattern: literal ?? regex ?? '',
    ignoreCase,
    sources: scope.source,
    ...(levels.length > 0 ? { levels } : {}),
    ...(scope.field === undefined ? {} : { field: scope.field }),
  };
}

/** The test of one log detector by the same matcher that reads logs; scope is judged elsewhere. Made when first asked. */
export const lineTest: LineTest = (detector) => {
  const { levels: _levels, ...pattern } = patternOf('one', detector);
  let matcher: ReturnType<typeof createMatcher> | undefined;
  return (line) => {
    matcher ??= createMatcher([{ ...pattern, sources: [] }]);
    return matcher.match(line).length > 0;
  };
};
