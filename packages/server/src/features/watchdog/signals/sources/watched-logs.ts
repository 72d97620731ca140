import { join } from 'node:path';
import type { LogSourceConfig } from '@vigiles/contract';
import type { WatchedLog } from '../logs/log-watch-types.ts';

/** A log with what its lines are about. */
export interface OwnedLog {
  log: WatchedLog;
  /** The service that faults in it are faults of; a source that belongs to none stands for itself. */
  service: string;
  redact: boolean;
}

/** What Vigiles starts: the output of each lies in a file of its own. */
export interface ServiceLog {
  service: string;
  file: string;
}

/** `~/x` is in the home folder of whoever runs Vigiles. */
const atHome = (path: string, userHome: string): string =>
  path.startsWith('~/') ? join(userHome, path.slice(2)) : path;

const serviceLog = ({ service, file }: ServiceLog): OwnedLog => ({
  service,
  redact: true,
  log: {
    id: `service:${service}`,
    names: [`service:${service}`, `file:${file}`],
    format: 'auto',
    from: 'end',
    kind: 'file',
    where: file,
  },
});

function sourceLog(source: LogSourceConfig, userHome: string): OwnedLog {
  const { name, path, journal_unit: unit, container, format, from, redact } = source;
  const service = source.service ?? name;
  const place: Pick<WatchedLog, 'kind' | 'where'> =
    path !== undefined
      ? { kind: 'file', where: atHome(path, userHome) }
      : unit === undefined
        ? { kind: 'container', where: container ?? '' }
        : { kind: 'journal', where: unit };
  const named = place.kind === 'file' ? 'file' : place.kind === 'journal' ? 'unit' : 'container';
  const names = [`service:${service}`, name, `${named}:${place.where}`];
  return { service, redact, log: { id: `source:${name}`, names, format, from, ...place } };
}

/** All logs that patterns of the catalogue are looked for in: those of services, and those the configuration names. */
export const watchedLogs = (
  services: readonly ServiceLog[],
  sources: readonly LogSourceConfig[],
  userHome: string,
): OwnedLog[] => [...services.map(serviceLog), ...sources.map((source) => sourceLog(source, userHome))];
