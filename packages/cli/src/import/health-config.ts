import type { DraftBook } from './draft-book.ts';
import { isRecord, listOf, textOf, type SourceFile } from './proposal.ts';
import { given, webAddress, within, type CheckDraft } from './service-draft.ts';

/** Ports of programs that speak no HTTP: a request to them always failed, and led to restarts. */
const notWeb: Readonly<Record<number, string>> = {
  3306: 'MySQL',
  5432: 'PostgreSQL',
  5672: 'RabbitMQ',
  6379: 'Redis',
  9042: 'Cassandra',
  9092: 'Kafka',
  11211: 'memcached',
  27017: 'MongoDB',
};

/** The mission-control dashboard’s health_config.json: services by port and path, and thresholds for all. */
export function importHealthConfig({ value, lineOf }: SourceFile, book: DraftBook): void {
  const thresholds = isRecord(value['thresholds']) ? value['thresholds'] : {};
  const failures = within(thresholds['restart_failures'], 1, 100);
  for (const [i, entry] of listOf(value['services']).entries()) {
    const at = ['services', i];
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    const port = isRecord(entry) ? within(entry['port'], 1, 65_535) : undefined;
    if (!isRecord(entry) || name === undefined || port === undefined) {
      book.leaveOut(lineOf(at), `service ${name ?? i + 1}`, 'it has no name, or no port');
      continue;
    }
    const path = textOf(entry['health_endpoint']);
    const program = notWeb[port];
    if (program !== undefined && path !== undefined)
      book.leaveOut(
        lineOf([...at, 'health_endpoint']),
        `${name}: health_endpoint`,
        `${program} speaks no HTTP; its port is checked instead`,
      );
    const url =
      path === undefined || program !== undefined ? null : webAddress(`http://127.0.0.1:${port}${path}`);
    const check: CheckDraft = url === null ? { type: 'tcp', port } : { type: 'http', url };
    book.service({ name, port, checks: [check], ...given({ failures_to_down: failures }) }, lineOf(at));
    for (const field of Object.keys(entry))
      if (!['name', 'port', 'health_endpoint'].includes(field))
        book.leaveOut(lineOf([...at, field]), `${name}: ${field}`, 'it has no counterpart here');
  }
  const cpu = within(thresholds['cpu_max'], 1, 100);
  const memory = within(thresholds['mem_max'], 1, 100);
  if (cpu !== undefined || memory !== undefined) {
    const limits = given({ max_cpu_percent: cpu, max_memory_percent: memory });
    book.service(
      { name: 'host', checks: [{ type: 'resource', of: 'host', ...limits }] },
      lineOf(['thresholds']),
    );
  }
  for (const field of Object.keys(thresholds))
    if (!['restart_failures', 'cpu_max', 'mem_max'].includes(field))
      book.leaveOut(lineOf(['thresholds', field]), `thresholds.${field}`, 'it has no counterpart here');
  for (const field of Object.keys(value))
    if (!['services', 'thresholds'].includes(field))
      book.leaveOut(lineOf([field]), field, 'it has no counterpart here');
}
