import type { FaultDetector, FieldCondition, SignalField } from '@vigiles/contract';
import type { Signal } from './signal.ts';

/** Name of the signals a detector looks at. */
export function inputOf(detector: FaultDetector): string {
  switch (detector.type) {
    case 'log':
      return 'log';
    case 'event':
      return detector.event;
    case 'state':
      return `state.${detector.state}`;
    case 'process':
      return `process.${detector.is}`;
    case 'resource':
      return `resource.${detector.metric}`;
    case 'json_file':
      return 'json_file';
    case 'prediction':
      return `prediction.${detector.metric}`;
    default:
      return `check.${detector.type}`;
  }
}

/** States are true until they are cleared; the others are moments, true for a while. */
export const isState = ({ type }: FaultDetector): boolean =>
  type !== 'log' && type !== 'event' && type !== 'process';

/** `*` stands for any text. */
export function globMatches(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return glob === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return text.length - last.length >= at && text.endsWith(last);
}

export const anyGlob = (globs: readonly string[], text: string): boolean =>
  globs.length === 0 || globs.some((glob) => globMatches(glob, text));

/** Whether one field is as wanted. A field that is not there is null. */
export function meets(condition: FieldCondition, value: SignalField | undefined): boolean {
  if (Array.isArray(condition)) return condition.some((one) => meets(one, value));
  if (typeof condition !== 'object' || condition === null) return (value ?? null) === condition;
  if (typeof value !== 'number') return false;
  const { above = -Infinity, below = Infinity } = condition;
  return value > above && value < below;
}

const allMeet = (where: Readonly<Record<string, FieldCondition>>, fields: Signal['fields']): boolean =>
  Object.entries(where).every(([name, condition]) => meets(condition, fields?.[name]));

/** Whether a signal of the right name is about the very thing this detector looks at: a file, a predicate, a scope. */
export function concerns(detector: FaultDetector, signal: Signal): boolean {
  const { fields = {} } = signal;
  if (detector.type === 'json_file')
    return (
      fields['predicate'] === detector.predicate && anyGlob([detector.file], String(fields['file'] ?? ''))
    );
  if (detector.type !== 'log') return true;
  const { source, level } = detector.scope;
  return (
    anyGlob(source, String(fields['source'] ?? '')) &&
    ofStream(detector, signal) &&
    (level.length === 0 || level.includes(String(fields['level'] ?? '').toLowerCase()))
  );
}

/** Whether a line may be of the wanted stream. Where both go to one file nobody can tell, and it may. */
export function ofStream(detector: FaultDetector, { fields = {} }: Signal): boolean {
  if (detector.type !== 'log' || detector.scope.stream === undefined) return true;
  const stream = fields['stream'] ?? null;
  return stream === null || stream === detector.scope.stream;
}

/** Whether the signal is bad news for this detector. Lines are judged by the matcher, not here. */
export function accepts(detector: FaultDetector, signal: Signal): boolean {
  if (signal.cleared) return false;
  const { fields = {} } = signal;
  switch (detector.type) {
    case 'log':
    case 'state':
      return true;
    case 'resource': {
      const value = fields['value'];
      const limit = detector.above_field === undefined ? undefined : fields[detector.above_field];
      const above = typeof limit === 'number' ? limit : (detector.above ?? -Infinity);
      const { below = Infinity } = detector;
      const within = typeof value === 'number' && value > above && value < below;
      return within && allMeet(detector.where, fields);
    }
    case 'prediction': {
      const left = fields['seconds_left'];
      return typeof left === 'number' && left <= detector.within_s;
    }
    case 'event':
    case 'process':
    case 'json_file':
      return allMeet(detector.where, fields);
    default:
      // A check that says nothing more fails; with conditions, they alone count.
      return Object.keys(detector.where).length === 0
        ? fields['ok'] === false
        : allMeet(detector.where, fields);
  }
}

/** Which of several checks, processes or files of one target spoke. */
export const instanceOf = ({ fields = {} }: Signal): string =>
  String(fields['check'] ?? fields['pid'] ?? fields['file'] ?? '');
