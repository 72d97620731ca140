import type { Node } from './schema-tree.ts';

const groups: [string, string[]][] = [
  ['Vigiles', ['server', 'store', 'bus', 'log', 'series', 'limits', 'egress']],
  ['Traffic', ['gateway', 'budgets', 'quotas']],
  ['Watch', ['watchdog', 'notifications', 'deadman', 'status_page']],
  ['Agents', ['sessions', 'agents']],
];

/** The slices of the configuration in groups; one that is in none stands under “Services”. */
export function sliceGroups(schema: Node): { label: string; slices: string[] }[] {
  const all = Object.keys(schema.properties ?? {});
  const placed = new Set(groups.flatMap(([, slices]) => slices));
  return [
    ...groups.map(([label, slices]) => ({ label, slices: slices.filter((slice) => all.includes(slice)) })),
    { label: 'Services', slices: all.filter((slice) => !placed.has(slice)) },
  ].filter(({ slices }) => slices.length > 0);
}

/** Where a list of the configuration has a screen of its own. */
export const ownScreens: Record<
  string,
  {
    to: '/gateway/providers' | '/gateway/routes' | '/fleet' | '/incidents/faults' | '/notifications';
    label: string;
  }
> = {
  'gateway.providers': { to: '/gateway/providers', label: 'Providers' },
  'gateway.routes': { to: '/gateway/routes', label: 'Routes' },
  'watchdog.services': { to: '/fleet', label: 'Fleet' },
  'watchdog.faults': { to: '/incidents/faults', label: 'Fault catalogue' },
  'notifications.channels': { to: '/notifications', label: 'Notifications' },
};
