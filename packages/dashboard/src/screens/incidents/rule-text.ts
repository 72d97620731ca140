import type { FaultSeverity, TargetClass } from '@vigiles/contract';

/** What the form for a fault of one’s own holds. */
export interface RuleDraft {
  id: string;
  title: string;
  severity: FaultSeverity;
  class: TargetClass;
  source: string;
  kind: 'literal' | 'regex';
  pattern: string;
  count: string;
  withinS: string;
  action: string;
  what: string;
  person: string;
  example: string;
}

/** JSON’s quotes are YAML’s too: whatever is typed stays text. */
const quoted = (text: string): string => JSON.stringify(text);
const number = (text: string, fallback: number): number => (Number(text) > 0 ? Number(text) : fallback);

/** The entry as it stands in the file. */
export function ruleText(draft: RuleDraft): string {
  const { count, withinS, example } = draft;
  const times = number(count, 1);
  const within = number(withinS, 60);
  const line = quoted(example.split('\n').find((one) => one.trim() !== '') ?? '');
  return [
    `id: ${quoted(draft.id)}`,
    `title: ${quoted(draft.title)}`,
    `severity: ${draft.severity}`,
    `applies_to: { class: [${draft.class}] }`,
    'detectors:',
    '  - type: log',
    '    signal: seen',
    `    ${draft.kind}: ${quoted(draft.pattern)}`,
    `    scope: { source: [${quoted(draft.source)}] }`,
    `    window: { count: ${times}, within_s: ${within} }`,
    'when: seen',
    draft.action === '' ? 'tier1: []' : `tier1: [{ action: ${quoted(draft.action)} }]`,
    'docs:',
    `  what: ${quoted(draft.what)}`,
    `  seen: ${quoted(`${times === 1 ? 'A line' : `${times} lines within ${within} s`} with ${draft.pattern}`)}`,
    `  done: ${quoted(draft.action === '' ? 'A person is told.' : draft.action)}`,
    `  person: ${quoted(draft.person)}`,
    'examples:',
    '  match:',
    `    - steps: [{ log: ${line}, times: ${times}, every_s: 0 }]`,
    '',
  ].join('\n');
}
