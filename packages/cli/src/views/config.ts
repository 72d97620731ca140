import type { VigilesConfig } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, red, yellow } from '../output/style.ts';
import { usd } from '../output/units.ts';
import { countOf } from './count-of.ts';

export interface ConfigProblem {
  path: string;
  line: number;
  column: number;
  message: string;
}

/** The answer of `GET /api/v1/config`. */
export interface ConfigAnswer {
  path: string;
  loaded_at: number;
  revision: string;
  config: VigilesConfig;
  problems: ConfigProblem[];
  overrides: { path: string; source: string }[];
  needs_restart: string[];
}

/** `vigiles.yaml:4:9 server.port: expected number` */
export const problemLine = (problem: ConfigProblem, file: string): string =>
  `${clean(file)}${problem.line > 0 ? `:${problem.line}:${problem.column}` : ''} ${problem.path ? `${clean(problem.path)}: ` : ''}${clean(problem.message)}`;

const line = (label: string, text: string) => `  ${dim(label.padEnd(11))} ${text}`;

/** Parts of the configuration that can be switched, and are. */
const switched = (config: VigilesConfig, on: boolean): string =>
  Object.entries(config)
    .flatMap(([name, part]) =>
      typeof part === 'object' && part !== null && 'enabled' in part && part.enabled === on ? [name] : [],
    )
    .join(', ');

/** `vigiles config`: what people ask for most; `--json` has all of it. */
export function configView({
  path,
  config,
  problems,
  overrides,
  needs_restart: waiting,
}: ConfigAnswer): string {
  const { server, gateway, budgets, limits, watchdog } = config;
  const limit = (amount: number | 'none') => (amount === 'none' ? 'no limit' : usd(amount));
  const providers = gateway.providers.map(
    ({ id, type, enabled }) => `${id}${id === type ? '' : ` (${type})`}${enabled ? '' : ' off'}`,
  );
  const lines = [
    bold(clean(path)),
    line('server', `${server.host}:${server.port}${server.debug ? ', debug' : ''}`),
    line('gateway', gateway.enabled ? `${gateway.host}:${gateway.port}` : 'switched off'),
    line('providers', clean(providers.join(', ')) || dim('none: the built-in demo model answers')),
    line('budgets', `${limit(budgets.daily_usd)} a day, ${limit(budgets.monthly_usd)} a month`),
    line(
      'limits',
      Object.entries(limits)
        .map(([tier, { per_minute }]) => `${tier} ${per_minute}/min`)
        .join(', '),
    ),
    line(
      'watchdog',
      watchdog.enabled
        ? `${countOf(watchdog.services.length, 'service')}, at most ${watchdog.max_restarts} restarts in ${watchdog.restart_window_s} s`
        : 'switched off',
    ),
    line('on', switched(config, true)),
    line('off', switched(config, false) || dim('nothing')),
  ];
  if (overrides.length > 0)
    lines.push(
      line('overridden', overrides.map((each) => `${clean(each.path)} by ${clean(each.source)}`).join(', ')),
    );
  if (waiting.length > 0)
    lines.push(yellow(`  Only after a restart of Vigiles: ${waiting.map(clean).join(', ')}`));
  if (problems.length > 0) {
    lines.push(red('  The new file was refused; the last good one stays in force:'));
    for (const problem of problems) lines.push(`    ${problemLine(problem, path)}`);
  }
  return lines.join('\n');
}
