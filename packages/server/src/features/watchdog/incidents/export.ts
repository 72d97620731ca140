import type { ActionRun, Incident, IncidentExport, KnownPattern } from '@vigiles/contract';
import { redactData } from '../../actions/index.ts';

const time = (ts: number | null): string => (ts === null ? '–' : new Date(ts).toISOString());

/** Text of others, so that Markdown shows it and nothing else: no link, no image, no markup. */
const quote = (text: string): string =>
  text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~]/g, (mark) => `\\${mark}`);

const code = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

function markdownOf(incident: Incident, runs: readonly ActionRun[], knowledge: KnownPattern | null): string {
  const facts = [
    ['Target', incident.target],
    ['Fault', incident.fault_id ?? incident.fault_code],
    ['Severity', incident.severity],
    ['State', incident.state],
    ['Outcome', incident.outcome ?? '–'],
    ['Opened', time(incident.opened_at)],
    ['Closed', time(incident.closed_at)],
    ['Seen', `${incident.occurrences} times`],
    ['Pattern', knowledge?.template ?? incident.fingerprint ?? '–'],
  ];
  return [
    `# ${quote(incident.title)}`,
    '',
    ...facts.map(([name, value]) => `- ${name}: ${quote(value ?? '')}`),
    '',
    '## What happened',
    ...incident.timeline.flatMap(({ ts, kind, tier, title, detail, evidence, actor }) => [
      '',
      `### ${time(ts)} ${kind}${tier === null ? '' : ` (tier ${tier})`}: ${quote(title)}`,
      '',
      ...(detail === '' ? [] : [quote(detail), '']),
      `By ${quote(actor)}.`,
      ...(Object.keys(evidence).length === 0 ? [] : ['', code(evidence)]),
    ]),
    '',
    '## Actions',
    '',
    ...(runs.length === 0 ? ['None.'] : []),
    ...runs.map(
      (run) =>
        `- ${time(run.created_at)} ${run.action} on ${quote(run.target)}: ${run.outcome ?? run.state}. ${quote(run.message)}`,
    ),
    '',
  ].join('\n');
}

/** An incident to hand on, for people and for programs. Secrets are taken out once more, of everything. */
export function exportIncident(
  incident: Incident,
  runs: readonly ActionRun[],
  knowledge: KnownPattern | null,
  about: { now: number; version: string },
): IncidentExport {
  const clean = redactData({ incident, runs: [...runs], knowledge });
  return {
    version: 1,
    exported_at: about.now,
    vigiles: about.version,
    ...clean,
    markdown: markdownOf(clean.incident, clean.runs, clean.knowledge),
  };
}
