import type { Status } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { count, duration, usdOfMicros, usd } from '../output/units.ts';
import { countOf } from './count-of.ts';

const line = (label: string, text: string) => `  ${dim(label.padEnd(11))} ${text}`;

/** Spent of the budget: `$1.20 of $10.00 today`. */
export function budgetText({ budgets }: Status): string {
  const part = (micros: number, limit: number | null, span: string) =>
    `${usdOfMicros(micros)}${limit === null ? '' : ` of ${usd(limit)}`} ${span}`;
  const unpriced =
    budgets.unpriced_today > 0 ? yellow(`, ${count(budgets.unpriced_today)} turns unpriced`) : '';
  return `${part(budgets.spent_today_micros, budgets.daily_usd, 'today')} · ${part(budgets.spent_month_micros, budgets.monthly_usd, 'this month')}${unpriced}`;
}

export function servicesText({ services }: Status): string {
  const parts = [`${services.up} of ${services.total} up`];
  if (services.down > 0) parts.push(red(`${services.down} down`));
  if (services.unknown > 0) parts.push(dim(`${services.unknown} unknown`));
  return parts.join(', ');
}

export function incidentsText({ incidents }: Status): string {
  if (incidents.open === 0) return `${green('none open')}${dim(`, ${incidents.last_24h} in 24 hours`)}`;
  const person = incidents.needs_person > 0 ? red(`, ${incidents.needs_person} need you`) : '';
  return `${red(`${incidents.open} open`)}${person}`;
}

/** `vigiles status` */
export function statusView(status: Status): string {
  const { server, gateway, config, store } = status;
  const problems = config.problems.length;
  return [
    `${bold('Vigiles')} ${server.version}  ${dim(`http://${server.host}:${server.port}`)}`,
    line('uptime', `${duration(server.uptime_s)}  ${dim(`process ${server.pid}, ${server.memory_mb} MB`)}`),
    line('services', servicesText(status)),
    line('incidents', incidentsText(status)),
    line(
      'gateway',
      gateway.enabled ? `${clean(gateway.state)}  ${dim(clean(gateway.url))}` : dim('switched off'),
    ),
    line('spent', budgetText(status)),
    line(
      'store',
      `${store.dialect}${store.quarantined === null ? '' : red(`  a broken file was put aside: ${clean(store.quarantined)}`)}`,
    ),
    line(
      'config',
      problems > 0
        ? red(
            `${countOf(problems, 'problem')} in the new file; the last good one is in force (vigiles config)`,
          )
        : clean(config.path),
    ),
    line('debug', server.debug ? 'on' : 'off'),
  ].join('\n');
}
