import { z } from 'zod';
import { ActionRun, GuardState } from './resources/action.ts';
import { Adaptation } from './resources/adaptation.ts';
import { agentEvents } from './resources/agent-trouble.ts';
import { CallFailures } from './resources/call-failure.ts';
import { ciEvents } from './resources/ci-run.ts';
import { Device } from './resources/device.ts';
import { CatalogueProblem } from './resources/fault-view.ts';
import { HealthSnapshot } from './resources/health-snapshot.ts';
import { Incident } from './resources/incident.ts';
import { Delivery, Notification } from './resources/notification.ts';
import { mailEvents } from './resources/mail.ts';
import { maintenanceEvents } from './resources/maintenance.ts';
import { markerEvents } from './resources/marker.ts';
import { pluginEvents } from './resources/plugin.ts';
import { oauthEvents } from './resources/oauth-connection.ts';
import { pluginProcessEvents } from './resources/plugin-process.ts';
import { portEvents } from './resources/port.ts';
import { quotaEvents } from './resources/quota.ts';
import { ProviderOverride } from './resources/provider-override.ts';
import { FailureCause } from './resources/route-decision.ts';
import { tokenEvents } from './resources/short-token.ts';
import { Beat, ServiceState } from './resources/service.ts';
import { sessionNotices } from './resources/session-notices.ts';
import { GatewaySnapshot, Synthesis, Turn } from './resources/turn.ts';
import { BudgetAlert } from './resources/usage.ts';

const problem = z.object({ path: z.string(), line: z.number(), column: z.number(), message: z.string() });

/** Everything that is written to the event log, by type. Past tense; one topic before the dot. */
export const eventMap = {
  'system.started': z.object({ version: z.string(), pid: z.number() }),
  'system.stopped': z.object({ reason: z.string() }),
  'config.reloaded': z.object({
    changed: z.array(z.string()),
    actor: z.string(),
    /** Of all that is configured, what is taken over only by a restart. */
    needs_restart: z.array(z.string()).optional(),
  }),
  'config.rejected': z.object({ problems: z.array(problem) }),
  'store.quarantined': z.object({ path: z.string(), reason: z.string() }),
  'device.paired': z.object({ device: Device }),
  'device.rotated': z.object({ device: Device }),
  'device.revoked': z.object({ device: Device }),
  ...tokenEvents,
  ...oauthEvents,
  'service.state_changed': z.object({
    service: z.string(),
    from: ServiceState,
    to: ServiceState,
    reason: z.string(),
    pid: z.number().nullable(),
  }),
  ...mailEvents,
  ...markerEvents,
  ...maintenanceEvents,
  'incident.opened': z.object({ incident: Incident }),
  'incident.updated': z.object({ incident: Incident }),
  'incident.closed': z.object({ incident: Incident }),
  'action.requested': z.object({ run: ActionRun }),
  'action.started': z.object({ run: ActionRun }),
  /** It was done; now it is looked at, first whether it helped and then, with `stable_until`, whether that lasts. */
  'action.verifying': z.object({ run: ActionRun }),
  'action.finished': z.object({ run: ActionRun }),
  /** The watchdog stops acting on a target by itself; `*` is all of them. One trial follows when the breaker's time is over. */
  'guard.tripped': z.object({ guard: GuardState, reason: z.string() }),
  'guard.closed': z.object({ guard: GuardState }),
  'provider.overridden': z.object({ override: ProviderOverride }),
  'provider.override_ended': z.object({ override: ProviderOverride, why: z.string() }),
  'alert.raised': z.object({
    severity: z.enum(['critical', 'warning', 'info']),
    title: z.string(),
    message: z.string(),
    incident_id: z.string().nullable(),
  }),
  /** Something people are told; its deliveries follow. */
  'notification.created': z.object({ notification: Notification }),
  /** A channel took it, gave it up, or was not to be told after all. */
  'notification.settled': z.object({ delivery: Delivery }),
  'turn.settled': z.object({ turn: Turn }),
  'adaptation.learned': z.object({ adaptation: Adaptation }),
  'adaptation.changed': z.object({ adaptation: Adaptation }),
  'adaptation.removed': z.object({ adaptation: Adaptation }),
  /** A model called nothing, and the gateway thought of a call: shown to people, or made where the route allows it. */
  'call.synthesised': z.object({
    turn_id: z.string(),
    session_id: z.string().nullable(),
    provider: z.string(),
    model: z.string(),
    synthesis: Synthesis,
  }),
  /** A provider, or one model of it, is left alone for a while. `model: '*'` is all of them. */
  'provider.circuit_opened': z.object({
    provider: z.string(),
    model: z.string(),
    cause: FailureCause,
    failures: z.number(),
    message: z.string(),
    /** UTC ms of the next try. */
    retry_at: z.number(),
  }),
  'provider.circuit_closed': z.object({
    provider: z.string(),
    model: z.string(),
    cause: FailureCause,
    /** How long it was open. */
    open_ms: z.number(),
  }),
  /** What failed at providers since the last report, for the watchdog; at most once a second, never while all is well. */
  'calls.failed': CallFailures,
  /** The fault catalogue was read anew; `entries` are in force. */
  'catalogue.reloaded': z.object({ entries: z.number(), changed: z.array(z.string()) }),
  /** A file of the catalogue was refused: the last good one stays in force. */
  'catalogue.rejected': z.object({ problems: z.array(CatalogueProblem) }),
  ...agentEvents,
  /** A budget is used up to 50, 75, 90 or 100 %. Once per budget, span and threshold. */
  'budget.reached': z.object({ alert: BudgetAlert }),
  ...quotaEvents,
  ...sessionNotices,
  ...ciEvents,
  ...portEvents,
  ...pluginEvents,
  ...pluginProcessEvents,
} as const;

export type EventType = keyof typeof eventMap;
export type EventData<T extends EventType> = z.infer<(typeof eventMap)[T]>;

/** An event as it is stored and sent. `seq` rises by commit order and is the resume cursor. */
export interface VigilesEvent<T extends EventType = EventType> {
  seq: number;
  id: string;
  type: T;
  /** UTC milliseconds. */
  ts: number;
  actor: string;
  /** What it is about: a service, incident, device or turn id. */
  subject: string;
  data: EventData<T>;
}

/** The same, for schemas: OpenAPI and clients that check what they get. */
export const EventEnvelope = z.object({
  seq: z.number(),
  id: z.string(),
  type: z.enum(Object.keys(eventMap) as [EventType, ...EventType[]]),
  ts: z.number(),
  actor: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** Sent live and never stored: samples that the next one replaces. */
export const volatileMap = {
  /** The whole fleet in the words of the earlier dashboard, when a state changes and every few seconds. */
  'health.snapshot': HealthSnapshot,
  /** New beats since the last message, at most once a second. */
  'fleet.beats': z.object({ beats: z.array(Beat.extend({ service: z.string() })) }),
  /** The gateway's own view, once a second while somebody looks. `null`: it does not answer. */
  'gateway.live': z.object({ snapshot: GatewaySnapshot.nullable() }),
  /** The audit chain has grown up to this record, or is about to: read on from the last one that is known. */
  'audit.recorded': z.object({ seq: z.number() }),
} as const;

export type VolatileType = keyof typeof volatileMap;
export type VolatileData<T extends VolatileType> = z.infer<(typeof volatileMap)[T]>;

/** Socket.IO event name of a type: `incident.opened` → `incident:opened`, as the seed's clients expect. */
export const socketName = (type: string): string => type.replace('.', ':');
