import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';

export interface DevicesDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  newId: NewId;
  log: Log;
}
