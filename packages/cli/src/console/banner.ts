import type { Service, Status } from '@vigiles/contract';
import { clean, clip, lengthOf } from '../output/clean.ts';
import { bold, cyan, dim, stateMark } from '../output/style.ts';
import { usd } from '../output/units.ts';

export interface BannerFacts {
  status: Status;
  services: readonly Service[];
  signInLink: string;
  width: number;
}

const heading = (text: string) => bold(text);

function frame(lines: readonly { plain: string; painted: string }[], width: number): string[] {
  const inner = Math.min(Math.max(...lines.map(({ plain }) => lengthOf(plain))) + 6, width - 2);
  const body = lines.map(
    ({ plain, painted }) =>
      `${cyan('│')}   ${painted}${' '.repeat(Math.max(0, inner - 3 - lengthOf(plain)))}${cyan('│')}`,
  );
  return [cyan(`╭${'─'.repeat(inner)}╮`), ...body, cyan(`╰${'─'.repeat(inner)}╯`)];
}

function serviceLine(service: Service, nameWidth: number, width: number): string {
  const name = clip(clean(service.title || service.name), nameWidth).padEnd(nameWidth);
  const version = (service.version === null ? '–' : `v${clean(service.version).replace(/^v/, '')}`).padEnd(
    10,
  );
  const state = service.state.toLowerCase().replaceAll('_', ' ').padEnd(12);
  const port = service.port === null ? '' : `:${service.port}`;
  const reason = clip(clean(service.reason), Math.max(0, width - nameWidth - 38));
  return `  ${stateMark(service.state)} ${name}  ${dim(version)} ${state} ${port.padEnd(6)} ${dim(reason)}`.trimEnd();
}

/** What the terminal shows when Vigiles has started. */
export function banner({ status, services, signInLink, width }: BannerFacts): string {
  const { server, gateway, budgets, limits_config: limits } = status;
  const base = `http://${server.host === '0.0.0.0' ? '127.0.0.1' : server.host}:${server.port}`;
  const title = `◉  VIGILES  ${server.version}`;
  const subtitle = `Mission control for AI coding agents · ${base}`;
  const started = new Date(server.started_at).toLocaleString('sv-SE');
  const lines = frame(
    [
      { plain: '', painted: '' },
      { plain: title, painted: `${cyan('◉')}  ${bold('VIGILES')}  ${server.version}` },
      { plain: subtitle, painted: dim(subtitle) },
      { plain: started, painted: dim(started) },
      { plain: '', painted: '' },
    ],
    width,
  );

  lines.push('', heading('SERVICES'));
  const nameWidth = Math.min(
    28,
    Math.max(8, ...services.map((service) => lengthOf(service.title || service.name))),
  );
  for (const service of services.slice(0, 20)) lines.push(serviceLine(service, nameWidth, width));
  if (services.length > 20) lines.push(dim(`  … and ${services.length - 20} more: services`));
  if (services.length === 0) lines.push(dim('  none yet: add some to vigiles.yaml'));

  const money = (amount: number | null, span: string) =>
    amount === null ? `no limit ${span}` : `${usd(amount)} ${span}`;
  const standard = limits['standard'];
  lines.push(
    '',
    heading('CONFIGURATION'),
    `  ${dim('limits')}    ${standard ? `${standard.per_minute}/min, ${standard.per_hour}/hour for each device` : '–'}`,
    `  ${dim('budgets')}   ${money(budgets.daily_usd, 'a day')}, ${money(budgets.monthly_usd, 'a month')}`,
    `  ${dim('debug')}     ${server.debug ? 'on' : 'off'}`,
    `  ${dim('file')}      ${clean(status.config.path)}`,
    '',
    heading('ENDPOINTS'),
    `  ${dim('health')}    ${base}/health`,
    `  ${dim('API')}       ${base}/api/v1`,
    `  ${dim('WebSocket')} ${base.replace('http', 'ws')}/ws`,
    `  ${dim('docs')}      ${base}/docs`,
    `  ${dim('gateway')}   ${gateway.enabled ? `${clean(gateway.url)}/v1` : 'switched off'}`,
    '',
    `${heading('SIGN IN')} ${dim('(this link works once, for ten minutes; a new one: sign-in)')}`,
    `  ${cyan(signInLink)}`,
    '',
    dim("Type 'help' for commands, 'exit' to stop. Connect an agent: vigiles connect codex"),
    '',
  );
  return lines.join('\n');
}
