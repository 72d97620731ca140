import { integer, type Verbs } from './verb.ts';

/** `incident …`, `knowledge` */
export function declareIncidents({ asking, group }: Verbs): void {
  const incident = group('incident', 'what happened, what was decided, and a report of it');
  asking('list', 'newest first', incident)
    .option('--state <state>', 'open, needs_person or closed')
    .option('--target <name>', 'a service, provider:<id>, model:<id>, …')
    .option('--fault <id>', 'an entry of the fault catalogue')
    .option('--search <text>', 'in title, target, fault and id')
    .option('-n, --limit <number>', 'how many', integer(1, 200), 50)
    .action(async (options) => (await import('../verbs/incident.ts')).listIncidentsVerb(options));
  asking('show <incident>', 'its whole story; --replay: what would be decided today', incident)
    .option('--replay', 'decide again, as a dry run')
    .action(async (id, options) => (await import('../verbs/incident.ts')).showIncidentVerb(id, options));
  asking('export <incident>', 'a report in Markdown, secrets taken out', incident)
    .option('--out <file>', 'where to write it; without it, to standard output')
    .action(async (id, options) => (await import('../verbs/incident.ts')).exportIncidentVerb(id, options));
  asking('ack <incident>', 'a person has seen it', incident).action(async (id, options) =>
    (await import('../verbs/incident.ts')).acknowledgeIncidentVerb(id, options),
  );
  asking('knowledge', 'what verifiably helped, by pattern').action(async (options) =>
    (await import('../verbs/incident.ts')).showKnowledgeVerb(options),
  );
}
