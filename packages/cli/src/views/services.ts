import type { Service } from '@vigiles/contract';
import { dim, stateText } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { duration } from '../output/units.ts';

const painted = (text: string): Painted => ({ painted: text });

/** `vigiles services` */
export function servicesView(services: readonly Service[]): string {
  if (services.length === 0)
    return dim('Nothing is watched yet. Add services to vigiles.yaml under watchdog.services.');
  return table(
    [
      { title: 'SERVICE', flexible: true },
      { title: 'STATE' },
      { title: 'VERSION', optional: true },
      { title: 'FOR', align: 'right' },
      { title: 'PORT', align: 'right', optional: true },
      { title: 'PID', align: 'right', optional: true },
      { title: 'P50', align: 'right', optional: true },
      { title: 'WHY', flexible: true },
    ],
    services.map((service) => [
      service.name,
      painted(stateText(service.state)),
      service.version ?? '–',
      duration((Date.now() - service.since) / 1000),
      String(service.port ?? '–'),
      String(service.pid ?? '–'),
      service.p50_ms === null ? '–' : `${Math.round(service.p50_ms)} ms`,
      service.reason,
    ]),
  );
}
