import type { DetectorDraft } from './rule-draft.ts';

/** Signals, other than lines, that these detectors wait for: what can be made up to try them. */
export function signalNames(detectors: readonly DetectorDraft[]): string[] {
  const names = detectors.flatMap(({ type, fields }) => {
    const of = (key: string): string => fields[key] ?? '';
    switch (type) {
      case 'log':
        return [];
      case 'event':
        return [of('event')];
      case 'state':
        return [`state.${of('state')}`];
      case 'process':
        return [`process.${of('is')}`];
      case 'resource':
      case 'prediction':
        return [`${type}.${of('metric')}`];
      case 'json_file':
        return ['json_file'];
      default:
        return [`check.${type}`];
    }
  });
  return [...new Set(names.filter((name) => name !== '' && !name.endsWith('.')))];
}

/** A made-up signal as the lines that are tried, and as a step of an example. */
export function signalLines(name: string, fields: Record<string, unknown>, times: number): string {
  const count = Math.min(1000, Math.max(1, Math.trunc(times) || 1));
  return Array.from({ length: count }, () => JSON.stringify({ name, fields })).join('\n');
}

export const signalStep = (name: string, fields: Record<string, unknown>, times: number): string =>
  JSON.stringify({
    input: name,
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(times > 1 ? { times } : {}),
  });
