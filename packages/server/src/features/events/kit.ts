import type { Clock } from '../../kernel/clock.ts';
import { fault, type Fault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Door } from './door.ts';
import type { Hub } from './hub.ts';

/** What every transport of the event stream works with. */
export interface EventsKit {
  events: EventLog;
  hub: Hub;
  clock: Clock;
  log: Log;
  version: string;
  /** What other features say on the same connections. */
  doors: readonly Door[];
}

export const tooManySubscriptions = (waitMs: number): Fault =>
  fault('rate-limited', 'rate_limited', 'Too many subscriptions on this connection.', {
    retryAfterMs: waitMs,
  });
