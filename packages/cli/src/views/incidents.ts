import type { Incident } from '@vigiles/contract';
import { dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { ago } from '../output/units.ts';

const stateOf = ({ state, outcome }: Incident): Painted => {
  if (state === 'closed')
    return {
      painted: outcome === 'fixed' ? green('✔ fixed') : dim((outcome ?? 'closed').replaceAll('_', ' ')),
    };
  if (state === 'needs_person') return { painted: red('! needs you') };
  return { painted: yellow(state) };
};

/** `vigiles incidents` */
export function incidentsView(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return dim('No incidents.');
  return table(
    [
      { title: 'WHEN', align: 'right' },
      { title: 'STATE' },
      { title: 'SERVICE', flexible: true },
      { title: 'WHAT', flexible: true },
      { title: 'TIMES', align: 'right', optional: true },
      { title: 'ID' },
    ],
    incidents.map((incident) => [
      ago(incident.opened_at),
      stateOf(incident),
      incident.service,
      incident.title,
      String(incident.occurrences),
      incident.id,
    ]),
  );
}
