import type { FaultDetector } from '@vigiles/contract';
import { anyGlob } from '../core/detect/conditions.ts';
import type { CompiledEntry } from '../core/detect/compiled.ts';
import { needed } from '../core/detect/tally.ts';
import { holds } from '../core/detect/when.ts';

type LogDetector = Extract<FaultDetector, { type: 'log' }>;

/** Who keeps a pattern from ever deciding. */
export interface Shadow {
  by: { id: string; pattern: string };
  /** The detector that never decides. */
  place: number;
}

/**
 * Whether a literal of this entry never decides: an earlier, more general pattern sees every line it sees, within the
 * same scope, at least as soon, and decides alone. Within one entry a literal that contains another of the same signal
 * is as useless.
 */
export function shadowOf(later: CompiledEntry, earlier: readonly CompiledEntry[]): Shadow | null {
  for (const [place, { detector }] of later.detectors.entries()) {
    if (detector.type !== 'log' || detector.literal === undefined) continue;
    if (!holds(later.when, (name) => name === detector.signal)) continue;
    const twin = later.detectors.find(
      (other) =>
        other.place < place &&
        other.detector.type === 'log' &&
        other.detector.signal === detector.signal &&
        covers(other.detector, other.sees, detector),
    );
    if (twin) return { by: { id: later.entry.id, pattern: patternOf(twin.detector) }, place };
    for (const entry of earlier) {
      if (!coversTargets(entry, later)) continue;
      const seen = entry.detectors.filter(
        (one) => one.detector.type === 'log' && covers(one.detector, one.sees, detector),
      );
      const names = new Set(seen.map((one) => one.detector.signal));
      const [first] = seen;
      // Taken at its best for the later: what would exclude the line is true as well, whatever its window.
      const excluding = entry.detectors.filter(
        (one) => one.detector.type === 'log' && one.sees(detector.literal ?? ''),
      );
      for (const one of excluding) names.add(one.detector.signal);
      if (first && holds(entry.when, (name) => names.has(name)))
        return { by: { id: entry.entry.id, pattern: patternOf(first.detector) }, place };
    }
  }
  return null;
}

/** Whether it sees every line that `later` sees, at least as soon. */
function covers(
  general: LogDetector | FaultDetector,
  sees: (text: string) => boolean,
  later: LogDetector,
): boolean {
  if (general.type !== 'log' || general.scope.field !== later.scope.field) return false;
  if (later.ignore_case && !general.ignore_case) return false;
  return (
    sees(later.literal ?? '') &&
    coversScope(general.scope, later.scope) &&
    needed(general.window) <= needed(later.window) &&
    general.window.within_s >= later.window.within_s
  );
}

const coversScope = (general: LogDetector['scope'], later: LogDetector['scope']): boolean =>
  (general.source.length === 0 ||
    (later.source.length > 0 && later.source.every((source) => anyGlob(general.source, source)))) &&
  (general.stream === undefined || general.stream === later.stream) &&
  (general.level.length === 0 ||
    (later.level.length > 0 && later.level.every((level) => general.level.includes(level))));

const coversTargets = ({ entry: general }: CompiledEntry, { entry: later }: CompiledEntry): boolean =>
  later.applies_to.class.every((name) => general.applies_to.class.includes(name)) &&
  Object.keys(general.applies_to.labels).length === 0 &&
  (general.applies_to.target.length === 0 ||
    (later.applies_to.target.length > 0 &&
      later.applies_to.target.every((target) => anyGlob(general.applies_to.target, target))));

const patternOf = (detector: FaultDetector): string =>
  detector.type === 'log' ? (detector.literal ?? detector.regex ?? '') : '';
