import type { VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { MailQuota } from './book.ts';
import type { ActionRequest, Requested } from '../actions/index.ts';

export interface MailDeps {
  store: Store;
  events: EventLog;
  egress: Pick<Egress, 'addresses' | 'fetch'>;
  clock: Clock;
  newId: NewId;
  log: Log;
  config(): VigilesConfig['mail'];
  quotas: MailQuota;
  /** Fills references in; throws where one is missing. */
  resolve(text: string): string;
  /** Asks the one action runner. */
  request(request: ActionRequest): Promise<Result<Requested>>;
  /** Whether a run about this target is under way or waits, here or at another control. */
  hasRun(target: string): Promise<boolean>;
}
