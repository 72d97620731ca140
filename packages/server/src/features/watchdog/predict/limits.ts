import { totalmem } from 'node:os';
import { identityKey, memoryLimitOf } from '../../../platform/process/index.ts';
import type { WatchedService } from '../watched-service.ts';
import type { SeenCertificate } from './certificates.ts';
import type { Limit, LimitOf } from './trends.ts';

const megabyte = 1_048_576;
/** The kernel kills before the last page is taken. */
const usable = 0.9;
/** Where the disk is as good as full, percent. */
const diskFull = 98;

/** What is asked of a service. */
type Limited = Pick<WatchedService, 'name' | 'checks' | 'identity'>;
type Services = ReadonlyMap<string, Limited>;

/** What the figures of services run towards: their own limits, not the same for all. */
export function limitsOf(services: Services, memoryOf = memoryLimitOf): LimitOf {
  /** By service: what the control groups of the instance that runs allow. */
  const groups = new Map<string, { key: string; bytes: number | null }>();

  async function groupLimit(service: Limited): Promise<number | null> {
    const identity = service.identity();
    if (!identity) return null;
    const key = identityKey(identity);
    const known = groups.get(service.name);
    if (known?.key === key) return known.bytes;
    const bytes = await memoryOf(identity.pid);
    if (groups.size > services.size)
      for (const name of groups.keys()) if (!services.has(name)) groups.delete(name);
    groups.set(service.name, { key, bytes });
    return bytes;
  }

  /** Of its control group, of its resource check, of the machine: whichever comes first. */
  async function memory(service: Limited): Promise<Limit> {
    const allowed = service
      .checks()
      .flatMap(({ config }) =>
        config.type === 'resource' && config.of === 'process' ? (config.max_memory_mb ?? []) : [],
      );
    const group = await groupLimit(service);
    const words = (bytes: number) => `${Math.round(bytes / megabyte)} MB`;
    const limits = [
      { value: totalmem() * usable, sentence: 'memory will have taken all of this machine’s' },
      ...(group === null
        ? []
        : [{ value: group, sentence: `memory will reach its limit of ${words(group)}` }]),
      ...allowed.map((mb) => ({
        value: mb * megabyte,
        sentence: `memory will reach the ${mb} MB that its check allows`,
      })),
    ];
    const least = limits.reduce((best, each) => (each.value < best.value ? each : best));
    return { ...least, target: service.name, part: '' };
  }

  function latency(service: Limited, id: string | null): Limit | null {
    const checks = service.checks();
    // Of several checks together nobody can say how long they may take.
    const check =
      id === null ? (checks.length === 1 ? checks[0] : undefined) : checks.find((one) => one.id === id);
    if (!check) return null;
    const { config } = check;
    const own = 'max_latency_ms' in config ? config.max_latency_ms : undefined;
    const value = Math.min(config.timeout_s * 1000, own ?? Number.POSITIVE_INFINITY);
    const sentence = `answers will take longer than the ${value} ms its check waits`;
    return { value, sentence, target: service.name, part: id ?? '' };
  }

  return (name, target) => {
    if (name === 'host.disk')
      return { value: diskFull, sentence: 'The disk will be full', target: 'host', part: '' };
    const slash = name === 'check.latency' ? target.indexOf('/') : -1;
    const service = services.get(slash < 0 ? target : target.slice(0, slash));
    if (!service) return null;
    if (name === 'memory') return memory(service);
    return latency(service, slash < 0 ? null : target.slice(slash + 1));
  };
}

/** What checks saw of certificates at their last look. */
export function* certificatesOf(
  services: ReadonlyMap<string, Limited & Pick<WatchedService, 'seen'>>,
): Generator<SeenCertificate> {
  for (const service of services.values())
    for (const { id, config } of service.checks()) {
      const { certificate_days_left: daysLeft, certificate_life_days: life } = service.seen(id)?.facts ?? {};
      if (typeof daysLeft !== 'number') continue;
      const failsBelowDays = 'certificate_days' in config ? config.certificate_days : 0;
      const lifeDays = typeof life === 'number' ? life : null;
      yield { service: service.name, check: id, daysLeft, lifeDays, failsBelowDays };
    }
}
