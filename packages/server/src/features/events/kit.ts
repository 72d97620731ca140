import type { Identity } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Result } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Hub } from './hub.ts';

/** What every transport of the event stream works with. */
export interface EventsKit {
  events: EventLog;
  hub: Hub;
  clock: Clock;
  log: Log;
  version: string;
  /** Takes one light call from the device's allowance: a subscription reads from the store. */
  limit(identity: Identity): Result<void>;
}
