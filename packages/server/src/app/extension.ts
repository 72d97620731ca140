import type { VigilesConfig, VolatileType } from '@vigiles/contract';
import type { Clock } from '../kernel/clock.ts';
import type { NewId } from '../kernel/ids.ts';
import type { Component } from '../kernel/lifecycle.ts';
import type { Log } from '../kernel/log.ts';
import type { Route } from '../kernel/route.ts';
import type { Configuration } from '../platform/config/index.ts';
import type { Egress } from '../platform/egress/index.ts';
import type { EventLog } from '../platform/event-log/index.ts';
import type { Presence } from '../platform/presence/index.ts';
import type { Secrets } from '../platform/secrets/index.ts';
import type { AuditEntry, StreamRoute } from '../platform/http/index.ts';
import type { Store } from '../platform/store/index.ts';
import type { Devices, DeviceUse } from '../features/devices/index.ts';
import type { Door, EventsFeature } from '../features/events/index.ts';
import type { StartAgent } from '../features/github/index.ts';
import type { createQuotas, Quotas } from '../features/quotas/index.ts';
import type { Plugins } from './plugin-runtime.ts';
import type { Series } from '../features/series/index.ts';
import type { Sessions } from '../features/sessions/index.ts';
import type { MetricFamily, StatusParts } from '../features/system/index.ts';

/** What a feature of control is built with. */
export interface ControlKit {
  home: string;
  /** The environment Vigiles was started with. */
  env: Readonly<Record<string, string | undefined>>;
  version: string;
  store: Store;
  events: EventLog;
  /** The controls that share the database: what one has taken is not taken by another. */
  presence: Presence;
  devices: Devices;
  /** The history of figures: `series.add(name, target, ts, value)`. */
  series: Series;
  /** Agent sessions: their logs, commands, decisions and leases. */
  sessions: Sessions;
  /** Starts an agent with its first words; null until that feature is built. */
  agents: { start: StartAgent | null };
  configuration: Configuration;
  config(): VigilesConfig;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** How much each device may use. */
  quotas: Quotas;
  /** What shows them. */
  quotaParts: Pick<ReturnType<typeof createQuotas>, 'extend'>;
  /** What runs of what is installed. */
  plugins: Plugins;
  /** The one guarded way out to addresses that somebody typed. */
  egress: Egress;
  /** Where secrets are kept that Vigiles makes itself; null: nowhere. */
  secrets: (Pick<Secrets, 'get' | 'set'> & Partial<Pick<Secrets, 'ensure'>>) | null;
  /** Every feature's own look at whether it really works; complete once all are built. */
  looks(): readonly Look[];
  /** Every route of control; complete once all features are built. */
  routes(): readonly Route[];
  /** Writes a call into the audit chain that did not come over HTTP. */
  audit(entry: AuditEntry): void;
  /** How many clients follow a live topic: publish only while somebody looks. */
  watching(topic: VolatileType): number;
}

/** Looks whether a feature does what it is there for: null, or what is wrong, for people. */
export type Look = () => Promise<string | null>;

/** What a feature adds to control. */
export interface ControlExtension {
  routes?: readonly Route[];
  /** Started after the store, the event log and the devices, before the port is opened; stopped in reverse. */
  components?: readonly Component[];
  /** Server-Sent Events besides those of the event log. */
  streams?: (stream: EventsFeature) => readonly StreamRoute[];
  /** What it says and hears on the clients' sockets. */
  door?: Door;
  /** Its part of `GET /api/v1/status`. */
  status?: Partial<StatusParts>;
  /** Its numbers on `/metrics`. */
  metrics?: readonly MetricFamily[];
  /** Its own look, which the sign of life to the outside depends on. */
  look?: Look;
  /** What each device used today, for the device list. */
  usageToday?: () => Promise<ReadonlyMap<string, DeviceUse>>;
  /** Where calls of routes with an `audit` verb are written down. */
  audit?: (entry: AuditEntry) => void;
}

/** A feature that is plugged into control: a function from the kit to what it adds. */
export type Extend = (kit: ControlKit) => ControlExtension | Promise<ControlExtension>;
