import type { Prediction } from '@vigiles/contract';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';

/** Warns people of a failure that is foreseen. */
export const createPredictionAlert =
  (events: Pick<EventLog, 'append'>, log: Log) =>
  ({ target, title, detail }: Prediction): void => {
    events
      .append('alert.raised', {
        actor: 'watchdog',
        subject: target,
        data: { severity: 'warning', title, message: detail, incident_id: null },
      })
      .catch((thrown: unknown) => log.error({ err: thrown }, 'A prediction could not be told'));
  };
