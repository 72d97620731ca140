import type { ServiceConfig, StatusPageConfig, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Presence } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Actions } from '../actions/index.ts';
import type { Series } from '../series/index.ts';
import type { CheckAccess } from './check-kit.ts';
import type { RuleConfiguration } from './catalogue/rule-in-config.ts';
import type { BudgetBurn } from './predict/index.ts';
import type { AnsweringOptions } from './respond/answering.ts';
import type { ServiceHooks } from './watched-service.ts';

/** What the watchdog is built with. */
export interface WatchdogDeps extends AnsweringOptions {
  store: Store;
  events: EventLog;
  /** Other controls on the same database; none unless given. */
  presence?: Presence;
  log: Log;
  actions: Actions;
  /** Remembers looks and figures; without it only this process knows them. */
  history?: Series;
  /** Budgets of which something is spent, with the pace at which it goes out: to foresee when they are spent. */
  budgets?: () => Promise<readonly BudgetBurn[]>;
  config: WatchdogConfig;
  /** `vigiles.yaml`: rules of one’s own stand and are written there. */
  configuration: RuleConfiguration;
  /** Home folder: run files and the logs of services live here. */
  home: string;
  /** Home folder of whoever runs it: agents and their files live there. Without it neither is looked at. */
  userHome?: string;
  /** Port our gateway serves on now; null where there is none. */
  gatewayPort?: () => number | null;
  /** Services that Vigiles brings along: the gateway. They come first and cannot be configured away. */
  builtin?: readonly ServiceConfig[];
  hooks?: Readonly<Record<string, ServiceHooks>>;
  /** What every supervised process gets besides its own `env`: PATH, HOME and the like. */
  baseEnv: Readonly<Record<string, string>>;
  /** A service's own `env` with its references filled in, asked for at each start; as it stands unless given. Throws. */
  environmentOf?: (service: ServiceConfig) => Readonly<Record<string, string>>;
  /** What checks may use beside the network: secrets, our gateway. */
  checkAccess?: CheckAccess;
  /** Somebody looks at the dashboard. */
  watching?: () => boolean;
  /** How many clients follow the health of the fleet. */
  watchingHealth?: () => number;
  /** The public status page as the configuration has it now; off unless given. */
  statusPage?: () => StatusPageConfig;
  clock?: Clock;
  newId?: NewId;
  random?: () => number;
  /** How long a new instance may take to answer for the first time; 30 s unless said otherwise. */
  startGraceMs?: number;
  /** How often failures that are on their way are looked for; a minute unless said otherwise. */
  predictEveryMs?: number;
}
