import type { CallFailures } from '@vigiles/contract';
import type { Log } from '../kernel/log.ts';
import type { EventLog } from '../platform/event-log/index.ts';

/** Writes to the event log what failed at providers, for the watchdog in the other process. */
export function failureEvents(events: Pick<EventLog, 'append'>, log: Log): (failures: CallFailures) => void {
  return (failures) => {
    events
      .append('calls.failed', { actor: 'gateway', subject: 'gateway', data: failures })
      .catch((thrown: unknown) => log.error({ err: thrown }, 'failed calls could not be told'));
  };
}
