import { clean } from '../output/clean.ts';
import type { Proposal } from './proposal.ts';

const scalar = (value: string): string =>
  /^(?!(?:true|false|yes|no|on|off|null)$)[A-Za-z][A-Za-z0-9._/-]*$/i.test(value)
    ? value
    : `'${value.replaceAll("'", "''")}'`;

const flow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${scalar(key)}: ${flow(one)}`)
      .join(', ')} }`;
  // A text that reads like another kind of value would be one in YAML.
  return typeof value === 'string' ? scalar(value) : String(value);
};

const entries = (name: string, list: readonly unknown[]): string[] =>
  list.length === 0 ? [] : [`  ${name}:`, ...list.map((one) => `    - ${flow(one)}`)];

/** The proposal as lines to be added to vigiles.yaml, and what stays behind. No key is in it. */
export function proposalView(proposal: Proposal, path: string, source: string): string {
  const { providers, routes, default_provider: fallback, services, maintenance } = proposal;
  const { settings, secrets, left_out: leftOut } = proposal;
  const added = [
    ...entries('providers', providers),
    ...entries('routes', routes),
    ...(fallback === null ? [] : [`  default_provider: ${scalar(fallback)}`]),
  ];
  const lines = [`--- ${path}`, `+++ ${path} with what ${source} (${proposal.source}) has`];
  if (added.length > 0) lines.push(' gateway:', ...added.map((line) => `+${line}`));
  const watched = [...entries('services', services), ...entries('maintenance', maintenance)];
  if (watched.length > 0) lines.push(' watchdog:', ...watched.map((line) => `+${line}`));
  lines.push(...settings.map(({ path: at, value }) => `+${at.join('.')}: ${flow(value)}`));
  if (secrets.length > 0)
    lines.push(
      '',
      `Kept encrypted, as with vigiles secret set: ${secrets.map(({ name }) => name).join(', ')}`,
    );
  if (leftOut.length > 0)
    lines.push(
      '',
      'Not imported:',
      ...leftOut.map(({ line, what, why }) => `  ${source}:${line} ${what}: ${why}`),
    );
  return lines.map(clean).join('\n');
}
