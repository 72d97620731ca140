import type { VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { PluginChannels } from './define-channel.ts';
import type { Store } from '../../platform/store/index.ts';

export interface NotificationsDeps {
  store: Store;
  events: EventLog;
  egress: Egress;
  clock: Clock;
  newId: NewId;
  log: Log;
  config(): VigilesConfig;
  /** A text with its references filled in. Throws a FaultError that names what is missing. */
  resolve(text: string): string;
  /** Where Vigiles keeps secrets that it makes itself; null: nowhere. */
  secrets: Pick<Secrets, 'get' | 'set'> | null;
  /** Channels that plugins bring; absent: none. */
  plugins?: PluginChannels;
  /** Between two looks for what waits of which nobody here was told. Milliseconds. */
  lookMs?: number;
  /** How long a test of a channel is waited for. Milliseconds. */
  testWaitMs?: number;
}
