import type { FaultDetector, FaultEntry } from '@vigiles/contract';

const chapters: Record<FaultEntry['category'], string> = {
  service: 'Services and their processes',
  provider: 'Providers of models',
  model: 'Models and their tool calls',
  agent: 'Processes of agents',
  state: 'State on disk',
  session: 'Sessions of agents that Vigiles started',
  prediction: 'Failures that are on their way',
  custom: 'Others',
};

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function looksFor(detector: FaultDetector): string {
  const { count, within_s, consecutive } = detector.window;
  const often =
    consecutive !== undefined
      ? `, ${consecutive} in a row`
      : count > 1
        ? `, ${count} within ${within_s} s`
        : '';
  const where = (fields: object) =>
    Object.keys(fields).length > 0 ? ` with ${code(JSON.stringify(fields).slice(1, -1))}` : '';
  switch (detector.type) {
    case 'log': {
      const kind = detector.literal === undefined ? 'regex' : 'literal';
      return `line: ${kind} ${code(detector.literal ?? detector.regex ?? '')} in ${detector.scope.source.join(', ') || 'any source'}${often}`;
    }
    case 'event':
      return `event ${code(detector.event)}${where(detector.where)}${often}`;
    case 'state':
      return `state ${code(detector.state)}`;
    case 'process':
      return `process ${detector.is}${where(detector.where)}`;
    case 'resource':
      return `${code(detector.metric)} ${detector.above === undefined ? 'below' : 'above'} ${detector.above ?? detector.below}${often}`;
    case 'json_file':
      return `file ${code(detector.file)}: ${code(detector.predicate)}${often}`;
    case 'prediction':
      return `${code(detector.metric)} foreseen within ${detector.within_s} s`;
    default:
      return `check ${code(detector.type)}${where(detector.where)}${often}`;
  }
}

/** `docs/reference/faults.md`: the catalogue for people. */
export function faultReference(entries: readonly FaultEntry[]): string {
  const order = new Intl.Collator('en', { numeric: true });
  const sorted = entries.toSorted((a, b) => order.compare(a.id, b.id));
  const lines = [
    '# Faults',
    '',
    'Generated from the catalogue by `npm run gen`. `vigiles fault list`, `vigiles fault explain A2` and `vigiles fault test` say the same of',
    'the one that is running, with your own entries. How to write one: [guide](../guide/faults.md).',
  ];
  for (const [category, title] of Object.entries(chapters)) {
    const here = sorted.filter((entry) => entry.category === category);
    if (here.length === 0) continue;
    lines.push('', `## ${title}`);
    for (const entry of here) {
      const { docs, tier1, escalate } = entry;
      const steps = tier1.map((step) => {
        const only = step.for.length > 0 ? ` (${step.for.join(', ')})` : '';
        return `${code(step.action)}${only}`;
      });
      lines.push(
        '',
        `### ${entry.id} · ${entry.title}`,
        '',
        `${docs.what} _${entry.severity}; ${entry.applies_to.class.join(', ')}_`,
        '',
        `- **Seen:** ${docs.seen} ${code(entry.when)}`,
        ...entry.detectors.map((detector) => `  - ${code(detector.signal)}: ${looksFor(detector)}`),
        `- **Done:** ${docs.done} ${steps.length > 0 ? `${steps.join(', then ')}; after` : 'After'} ${escalate.after} tries without success: ${escalate.to === 'ai' ? 'the diagnosis' : 'a person'}.`,
        `- **You:** ${docs.person}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
