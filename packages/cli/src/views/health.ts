import type { CatalogueProblem, Service, Status } from '@vigiles/contract';
import { green, red, yellow } from '../output/style.ts';
import { countOf } from './count-of.ts';

export interface HealthCheck {
  name: string;
  state: 'ok' | 'warning' | 'failing';
  detail: string;
}

/** The folder Vigiles keeps everything in. */
export interface HomeState {
  path: string;
  writable: boolean;
  freeBytes: number;
}

/** Less room than this is told: databases and logs need some. */
const littleRoom = 500_000_000;

function folderCheck({ path, writable, freeBytes }: HomeState): HealthCheck {
  const room = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (!writable) return { name: 'folder', state: 'failing', detail: `${path} cannot be written` };
  return { name: 'folder', state: freeBytes < littleRoom ? 'warning' : 'ok', detail: `${path}, ${room}` };
}

/** What is well and what is not. Unhealthy is: a service down, an incident that needs a person, a store put aside. */
export function healthChecks(
  status: Status,
  services: readonly Service[],
  refused: readonly CatalogueProblem[] = [],
  home: HomeState | null = null,
): HealthCheck[] {
  const [first] = refused;
  const down = services.filter(({ state }) => state === 'DOWN');
  const shaky = services.filter(({ state }) => state === 'SUSPECT' || state === 'RECOVERING');
  const { incidents, config, store, budgets } = status;
  const over = budgets.daily_usd !== null && budgets.spent_today_micros >= budgets.daily_usd * 1_000_000;
  const names = (of: readonly Service[]) => of.map(({ name }) => name).join(', ');
  return [
    { name: 'control', state: 'ok', detail: `answers at http://${status.server.host}:${status.server.port}` },
    down.length > 0
      ? { name: 'services', state: 'failing', detail: `down: ${names(down)}` }
      : shaky.length > 0
        ? { name: 'services', state: 'warning', detail: `unsteady: ${names(shaky)}` }
        : { name: 'services', state: 'ok', detail: `${status.services.up} of ${status.services.total} up` },
    incidents.needs_person > 0
      ? { name: 'incidents', state: 'failing', detail: `${incidents.needs_person} need a person` }
      : { name: 'incidents', state: incidents.open > 0 ? 'warning' : 'ok', detail: `${incidents.open} open` },
    config.problems.length > 0
      ? {
          name: 'config',
          state: 'warning',
          detail: `${countOf(config.problems.length, 'problem')} in the new file; the last good one is in force`,
        }
      : { name: 'config', state: 'ok', detail: config.path },
    ...(home ? [folderCheck(home)] : []),
    ...(first
      ? [
          {
            name: 'faults',
            state: 'warning' as const,
            detail: `${first.file}:${first.line}:${first.column} is refused, the last good one is in force: ${first.message}`,
          },
        ]
      : []),
    store.quarantined === null
      ? { name: 'store', state: 'ok', detail: store.dialect }
      : { name: 'store', state: 'failing', detail: `a broken file was put aside: ${store.quarantined}` },
    {
      name: 'budget',
      state: over ? 'warning' : 'ok',
      detail: over ? 'the daily budget is used up' : 'within limits',
    },
  ];
}

export const isHealthy = (checks: readonly HealthCheck[]): boolean =>
  checks.every(({ state }) => state !== 'failing');

const marks = { ok: green('✔'), warning: yellow('!'), failing: red('✖') };

export const healthView = (checks: readonly HealthCheck[]): string =>
  checks.map(({ name, state, detail }) => `  ${marks[state]} ${name.padEnd(10)} ${detail}`).join('\n');
