import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Actions } from '../actions/index.ts';
import type { WatchedService } from './watched-service.ts';

export interface RenewerDeps {
  actions: Actions;
  clock: Clock;
  startGraceMs: number;
  log: Log;
}

const reason = 'its configuration changed';

/** Restarts services whose process is configured anew: on purpose, through the action runner, without an incident. */
export function createRenewer({ actions, clock, startGraceMs, log }: RenewerDeps) {
  let stopped = false;
  const renewing = new Set<WatchedService>();
  const again = new Set<WatchedService>();

  /** A person's stop and a maintenance window stand; what does not run gets the new settings with its next start. */
  const due = (service: WatchedService): boolean =>
    !stopped &&
    service.supervisor?.current() !== null &&
    service.memory().state !== 'STOPPED_BY_USER' &&
    service.memory().state !== 'MAINTENANCE';

  async function restart(service: WatchedService): Promise<void> {
    for (let busy = actions.underWay(service.name); busy; busy = actions.underWay(service.name)) await busy;
    if (!due(service)) return;
    // The new checks must not be counted against the old instance.
    const until = clock.monotonic() + service.config().stop_timeout_s * 1000 + startGraceMs;
    service.observe({ kind: 'recovery_began', until, reason: `being restarted: ${reason}` });
    const asked = await actions.request({
      action: 'restart_service',
      target: service.name,
      params: { force: true },
      actor: 'config',
      reason,
    });
    const message = asked.ok ? (await asked.value.done).message : asked.fault.message;
    if (stopped || service.identity()) return;
    log.warn({ service: service.name, problem: message }, 'A service could not be restarted');
    service.observe({ kind: 'recovery_failed', reason: message });
    // From here on it is a fault like any other.
    service.observe({ kind: 'process_dead', instance: null, reason: message });
  }

  async function renew(service: WatchedService): Promise<void> {
    if (!due(service)) return;
    if (renewing.has(service)) {
      again.add(service);
      return;
    }
    renewing.add(service);
    try {
      do {
        again.delete(service);
        await restart(service);
      } while (again.has(service));
    } catch (thrown) {
      log.error({ err: thrown, service: service.name }, 'A changed service could not be restarted');
    } finally {
      renewing.delete(service);
    }
  }

  return {
    renew,
    stop(): void {
      stopped = true;
    },
  };
}
