import type { FaultDetector, FaultView } from '@vigiles/contract';
import type { SeenOf } from '../core/detect/detection.ts';
import type { KnownFault } from './assemble.ts';

/** A fault as the API shows it. */
export function faultView(fault: KnownFault, seen: SeenOf, active: readonly string[]): FaultView {
  const { entry, source, file, enabled, overrides } = fault;
  const { episodes, occurrences, lastAt } = seen;
  return {
    ...entry,
    source,
    file,
    enabled,
    overrides,
    seen: { episodes, occurrences, active: [...active], last_at: lastAt },
  };
}

/** What a detector looks for, in words. */
export function looksFor(detector: FaultDetector): string {
  switch (detector.type) {
    case 'log': {
      const where = detector.scope.source.join(', ') || 'any source';
      return detector.literal === undefined
        ? `a line matching /${detector.regex ?? ''}/ in ${where}`
        : `a line with “${detector.literal}” in ${where}`;
    }
    case 'event':
      return `the event ${detector.event}${fieldsOf(detector.where)}`;
    case 'state':
      return `the state ${detector.state}`;
    case 'process':
      return `a process that is ${detector.is}${fieldsOf(detector.where)}`;
    case 'resource':
      return `${detector.metric} ${detector.above === undefined ? `below ${detector.below}` : `above ${detector.above}`}${fieldsOf(detector.where)}`;
    case 'json_file':
      return `${detector.predicate} in the file ${detector.file}`;
    case 'prediction':
      return `${detector.metric} foreseen to fail within ${detector.within_s} s`;
    default:
      return `a failing ${detector.type} check${fieldsOf(detector.where)}`;
  }
}

const fieldsOf = (where: object): string =>
  Object.keys(where).length === 0 ? '' : ` with ${JSON.stringify(where)}`;
