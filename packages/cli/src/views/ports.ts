import type { PortConflict, PortListener, PortProcess, PortService, PortsReport } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';

const marks: Record<PortService['status'], () => string> = {
  running: () => green('● running'),
  stopped: () => dim('○ stopped'),
  port_conflict: () => red('✖ conflict'),
  unknown: () => yellow('? unknown'),
};

const markOf = ({ status }: PortService): Painted => ({ painted: marks[status]() });

const belonging = ({ owner, service, folder, expires_at: until }: PortService): string =>
  [
    owner ?? service ?? '',
    folder ?? '',
    until === null ? '' : `until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ]
    .filter((part) => part !== '')
    .join(', ');

/** A process that listens. Its words were written by others. */
export const processLine = ({ pid, command, protected: why }: PortProcess): string =>
  `  ${pid} ${clean(command)}${why === null ? '' : dim(` (kept: ${clean(why)})`)}`;

/** One named port in a line. */
export const namedPort = (service: PortService): string =>
  `${bold(clean(service.name))} ${service.port ?? 'no port'} ${marks[service.status]()} ${dim(clean(belonging(service)))}`.trimEnd();

/** `vigiles ports conflicts` */
export const conflictsView = (conflicts: readonly PortConflict[]): string =>
  conflicts.length === 0
    ? green('No conflicts.')
    : conflicts
        .flatMap((each) => [
          `${red('✖')} ${bold(clean(each.service_name))} ${each.service_port}: ${clean(each.occupying_process)}${each.occupying_pid === null ? '' : ` (pid ${each.occupying_pid})`}`,
          dim(`    ${clean(each.suggested_action)}`),
        ])
        .join('\n');

/** `vigiles ports` */
export function portsView({ services, conflicts }: PortsReport): string {
  if (services.length === 0) return dim('No port has a name yet: vigiles ports register <name> [port]');
  const drawn = table(
    [
      { title: 'NAME', flexible: true },
      { title: 'PORT', align: 'right' },
      { title: 'STATUS' },
      { title: 'PID', align: 'right' },
      { title: 'ENVIRONMENT', optional: true },
      { title: 'FOR', flexible: true, optional: true },
    ],
    services.map((each) => [
      each.name,
      each.port === null ? '' : String(each.port),
      markOf(each),
      each.pid === null ? '' : String(each.pid),
      each.environment,
      belonging(each),
    ]),
  );
  return conflicts.length === 0 ? drawn : [drawn, '', conflictsView(conflicts)].join('\n');
}

/** `vigiles ports listeners` */
export const listenersView = (listeners: readonly PortListener[]): string =>
  listeners.length === 0
    ? dim('Nothing listens.')
    : table(
        [
          { title: 'PORT', align: 'right' },
          { title: 'ADDRESSES', flexible: true },
          { title: 'PID', align: 'right' },
          { title: 'SERVICE', optional: true },
          { title: 'COMMAND', flexible: true },
        ],
        listeners.flatMap(({ port, addresses, processes, hidden }) => [
          ...processes.map((each) => [
            String(port),
            addresses.join(' '),
            String(each.pid),
            each.service ?? '',
            each.command,
          ]),
          ...(hidden ? [[String(port), addresses.join(' '), '?', '', 'a process of another user']] : []),
        ]),
      );
