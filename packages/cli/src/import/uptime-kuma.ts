import type { DraftBook } from './draft-book.ts';
import { isRecord, listOf, textOf, type Loose, type SourceFile } from './proposal.ts';
import { given, within, type CheckDraft } from './service-draft.ts';
import { kumaHttp } from './uptime-kuma-http.ts';

/** What a monitor becomes; a text says why it becomes nothing. */
type Made = CheckDraft | string;

const databases: ReadonlySet<string> = new Set(['postgres', 'mysql', 'redis']);

function databaseOf(monitor: Loose, name: string, book: DraftBook): Made {
  const address = textOf(monitor['databaseConnectionString']);
  if (address === undefined || !/^(postgres|postgresql|mysql|mariadb|rediss?):/.test(address))
    return 'it has no address that begins with postgres:, mysql: or redis:';
  // It holds a password more often than not.
  return {
    type: 'sql',
    url: book.hide(address, `${name}-url`),
    ...given({ query: textOf(monitor['databaseQuery']) }),
  };
}

function checkOf(
  monitor: Loose,
  name: string,
  book: DraftBook,
  leave: (field: string, why: string) => void,
): Made {
  const host = textOf(monitor['hostname']);
  const port = within(Number(monitor['port']), 1, 65_535);
  const type = textOf(monitor['type']) ?? '';
  if (['http', 'keyword', 'json-query'].includes(type)) return kumaHttp(monitor, name, book, leave);
  if (databases.has(type)) return databaseOf(monitor, name, book);
  switch (type) {
    case 'port':
      return host === undefined || port === undefined
        ? 'it has no host, or no port'
        : { type: 'tcp', host, port };
    case 'ping':
      return host === undefined ? 'it has no host' : { type: 'ping', host };
    case 'dns': {
      const record = textOf(monitor['dns_resolve_type'])?.toUpperCase();
      const resolver = textOf(monitor['dns_resolve_server']);
      const fields = given({ record, resolver, resolver_port: port });
      return host === undefined ? 'it has no name to ask for' : { type: 'dns', name: host, ...fields };
    }
    case 'push': {
      const token = textOf(monitor['pushToken']);
      const period = within(monitor['interval'], 1, 31_622_400);
      leave('pushToken', 'the address of its heartbeats is a new one: see the service in the dashboard');
      const kept = token !== undefined && /^[A-Za-z0-9_-]{16,128}$/.test(token);
      return {
        type: 'heartbeat',
        ...given({ period_s: period, token: kept ? book.hide(token, `${name}-push`) : undefined }),
      };
    }
    case 'docker': {
      const container = textOf(monitor['docker_container']);
      if (monitor['docker_host'] !== undefined && monitor['docker_host'] !== null)
        leave('docker_host', 'the container is looked for on this machine');
      return container === undefined ? 'it names no container' : { type: 'container', container };
    }
    case 'group':
      return 'groups have no counterpart; their monitors are imported';
    default:
      return `there is no check for type “${type}” here`;
  }
}

const timing = (monitor: Loose, type: string): Record<string, unknown> =>
  type === 'heartbeat'
    ? {}
    : given({
        interval_s: within(monitor['interval'], 1, 86_400),
        timeout_s: within(monitor['timeout'], 0.05, 600),
      });

/** Uptime Kuma’s backup (Settings → Backup): monitors by their type. */
export function importUptimeKuma({ value, lineOf }: SourceFile, book: DraftBook): void {
  for (const [i, monitor] of listOf(value['monitorList']).entries()) {
    const at = ['monitorList', i];
    const name = isRecord(monitor) ? textOf(monitor['name']) : undefined;
    if (!isRecord(monitor) || name === undefined) {
      book.leaveOut(lineOf(at), `monitor ${i + 1}`, 'it has no name');
      continue;
    }
    const whole = (why: string) => book.leaveOut(lineOf([...at, 'name']), `monitor ${name}`, why);
    const leave = (field: string, why: string) =>
      book.leaveOut(lineOf([...at, field]), `${name}: ${field}`, why);
    if (monitor['active'] === false || monitor['active'] === 0) {
      whole('it is paused');
      continue;
    }
    if (monitor['upsideDown'] === true || monitor['upsideDown'] === 1) {
      whole('it is upside down: being down would have to count as up');
      continue;
    }
    const check = checkOf(monitor, name, book, leave);
    if (typeof check === 'string') {
      whole(check);
      continue;
    }
    const retries = within(monitor['maxretries'], 0, 99);
    const failures = retries === undefined ? {} : { failures_to_down: retries + 1 };
    book.service({ name, checks: [{ ...check, ...timing(monitor, check.type) }], ...failures }, lineOf(at));
    const retryEvery = monitor['retryInterval'];
    if (typeof retryEvery === 'number' && retryEvery !== monitor['interval'])
      leave('retryInterval', 'looks keep their interval while something fails');
    if (isRecord(monitor['notificationIDList']) && Object.keys(monitor['notificationIDList']).length > 0)
      leave('notificationIDList', 'which channel tells whom is set under notifications');
  }
  for (const [i, entry] of listOf(value['notificationList']).entries()) {
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    book.leaveOut(
      lineOf(['notificationList', i]),
      `notification ${name ?? i + 1}`,
      'add it under notifications: its settings hold keys',
    );
  }
  for (const field of Object.keys(value))
    if (!['version', 'monitorList', 'notificationList'].includes(field))
      book.leaveOut(lineOf([field]), field, 'it has no counterpart here');
}
