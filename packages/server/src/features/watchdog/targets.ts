import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import { fault, failed, type Result } from '../../kernel/fault.ts';
import { identityKey, type ProcessIdentity } from '../../platform/process/index.ts';
import type { ServiceTargets, Work } from '../actions/index.ts';
import { allSucceed } from './core/steps.ts';
import type { Supervisor } from './supervisor/supervisor.ts';
import type { WatchedService } from './watched-service.ts';

/** Something that hangs does not get the full time to leave politely. */
const hungTermMs = 2000;

/** With process life as the only evidence, a new instance has to live this long: most that cannot live die sooner. */
const aliveMs = 2000;

export interface TargetDeps {
  find: (name: string) => WatchedService | null;
  clock: Clock;
  startGraceMs: number;
  /** Resolves when the service's state is stored. */
  saved: () => Promise<void>;
}

/** Lets actions look at services and lay hands on them. */
export function createTargets({ find, clock, startGraceMs, saved }: TargetDeps): ServiceTargets {
  /** Runs a start or restart under a hold: what is seen until the new instance runs does not count. */
  async function renew(
    name: string,
    how: (supervisor: Supervisor, service: WatchedService) => Promise<Result<ProcessIdentity>>,
  ): Promise<Result<ProcessIdentity>> {
    const service = find(name);
    if (!service?.supervisor) return failed(fault('conflict', 'no_command', `Vigiles does not run ${name}.`));
    const { stop_timeout_s } = service.config();
    const until = clock.monotonic() + stop_timeout_s * 1000 + startGraceMs;
    service.observe({ kind: 'user_started', reason: 'started' });
    service.observe({ kind: 'recovery_began', until, reason: 'being restarted' });
    const done = await how(service.supervisor, service);
    if (!done.ok) service.observe({ kind: 'recovery_failed', reason: done.fault.message });
    return done;
  }

  const termMs = (service: WatchedService): number => {
    const patience = service.config().stop_timeout_s * 1000;
    return service.memory().faulty ? Math.min(patience, hungTermMs) : patience;
  };

  return {
    look(name) {
      const service = find(name);
      if (!service) return null;
      const { state, reason, parentDown } = service.memory();
      const config = service.config();
      return {
        name,
        title: config.title ?? name,
        state,
        reason,
        supervised: service.supervisor !== null,
        identity: service.identity(),
        healthy: allSucceed(service.memory(), service.policy(), 1),
        port: config.port ?? null,
        parentDown,
        restartRisk: service.hooks.restartRisk ?? 'disruptive',
      };
    },

    restart: (name, work: Work) =>
      renew(name, (supervisor, service) => supervisor.restart(termMs(service), work)),

    start: (name, work: Work) => renew(name, (supervisor) => supervisor.start(work)),

    async stop(name, work) {
      const service = find(name);
      if (!service?.supervisor)
        return failed(fault('conflict', 'no_command', `Vigiles does not run ${name}.`));
      // First what it means, then the deed: its end must not look like a crash, also not to the next control.
      service.observe({ kind: 'user_stopped', reason: 'stopped by a person' });
      await saved();
      return service.supervisor.end(service.config().stop_timeout_s * 1000, work);
    },

    async awaitHealthy(name, identity, signal) {
      const service = find(name);
      if (!service) return 'unknown';
      const wanted = identity && identityKey(identity);
      const slowest = Math.max(
        ...service.checks().map(({ config }) => config.interval_s + config.timeout_s),
        1,
      );
      const looks = service.config().successes_to_up + 1;
      const onlyAlive = service.checks().every(({ config }) => config.type === 'process');
      const stableMs = onlyAlive && service.supervisor ? aliveMs : 0;
      const until = clock.monotonic() + startGraceMs + stableMs + looks * slowest * 1000;
      let upSince: number | null = null;
      while (!signal.aborted && clock.monotonic() < until) {
        const { state } = service.memory();
        const current = service.identity();
        if (state === 'STOPPED_BY_USER' || state === 'MAINTENANCE') return 'unknown';
        if (service.supervisor && !current) return 'unhealthy';
        if (wanted !== null && current && identityKey(current) !== wanted) return 'unhealthy';
        upSince = state === 'UP' ? (upSince ?? clock.monotonic()) : null;
        if (upSince !== null && clock.monotonic() - upSince >= stableMs) return 'healthy';
        if (state === 'DOWN' && wanted !== null) return 'unhealthy';
        await delay(15, undefined, { ref: false });
      }
      return signal.aborted || service.memory().state === 'UNKNOWN' ? 'unknown' : 'unhealthy';
    },

    findStale: (name) => find(name)?.supervisor?.findStale() ?? [],
  };
}
