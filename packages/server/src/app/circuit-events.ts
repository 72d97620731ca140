import type { CircuitChange } from '../features/gateway/process.ts';
import type { Log } from '../kernel/log.ts';
import type { EventLog } from '../platform/event-log/index.ts';

/** Writes to the event log when a provider is left alone for a while, and when that is over. */
export function circuitEvents(events: Pick<EventLog, 'append'>, log: Log): (change: CircuitChange) => void {
  let written: Promise<unknown> = Promise.resolve();
  /** One after the other: what was opened first is told first. */
  const inOrder = (write: () => Promise<unknown>): void => {
    written = written
      .then(write)
      .catch((thrown: unknown) =>
        log.error({ err: thrown }, 'an event about a provider could not be written'),
      );
  };
  return (change) => {
    const { provider, model } = change;
    const about = { actor: 'gateway', subject: provider };
    if (change.type === 'closed') {
      const { cause, openMs } = change;
      log.info({ provider, model, cause, openMs }, 'a provider works again');
      const data = { provider, model, cause, open_ms: openMs };
      inOrder(() => events.append('provider.circuit_closed', { ...about, data }));
      return;
    }
    const { cause, failures, message, coolingUntil } = change.trouble;
    log.warn({ provider, model, cause, failures, message }, 'a provider is left alone for a while');
    const data = { provider, model, cause, failures, message, retry_at: coolingUntil };
    inOrder(() => events.append('provider.circuit_opened', { ...about, data }));
  };
}
