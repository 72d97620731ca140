import { VigilesConfig, type Incident } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { newId } from '../../../kernel/ids.ts';
import { createEgress, type Egress } from '../../../platform/egress/index.ts';
import { createEventLog, eventLogMigrations, type EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import { pauses } from '../../../testing/pauses.ts';
import type { OpenStore, StorePlace } from '../../../testing/stores.ts';
import { createNotifications, type Notifications } from '../index.ts';
import { notificationMigrations } from '../migrations.ts';

export const rigMigrations = { ...eventLogMigrations, ...notificationMigrations };

export interface RigOptions {
  place?: StorePlace;
  secrets?: Record<string, string>;
  /** Wraps the way out, for instance to let a test reach loopback. */
  egress?: (real: Egress) => Egress;
  /** Wraps the event log as notifications see it, to hold it up or to let it fail. */
  events?: (real: EventLog) => EventLog;
  lookMs?: number;
  testWaitMs?: number;
}

export interface Rig {
  store: Store;
  events: EventLog;
  notifications: Notifications;
  /** Milliseconds by which the clock is ahead of the real one. */
  ahead: { ms: number };
  configure(config: object): void;
  config(): VigilesConfig;
  /** An event about an incident, as the watchdog writes it. */
  incident(change: Partial<Incident> & { id: string }): Promise<void>;
  /** Every delivery, oldest first: `channel role state reason`. */
  deliveries(): Promise<
    { channel: string; role: string; state: string; reason: string; title: string; phase: string }[]
  >;
  stop(): Promise<void>;
}

const defaults = { egress: { allow_private: ['127.0.0.0/8', 'localhost'] } };

/** Notifications over a real store and event log. */
export async function openRig(openStore: OpenStore, config: object, options: RigOptions = {}): Promise<Rig> {
  const { place, secrets = {} } = options;
  const store = await openStore({ migrations: rigMigrations, ...(place ? { place } : {}) });
  let current = VigilesConfig.parse({ ...defaults, ...config });
  const ahead = { ms: 0 };
  const clock = { now: () => Date.now() + ahead.ms, monotonic: () => performance.now() + ahead.ms };
  const events = createEventLog({ store, log: silentLog, validate: true, clock });
  await events.start();
  const real = createEgress({ config: () => current.egress });
  const kept = new Map(Object.entries(secrets));
  const notifications = createNotifications({
    store,
    events: options.events?.(events) ?? events,
    egress: options.egress?.(real) ?? real,
    clock,
    newId,
    log: silentLog,
    config: () => current,
    resolve: (text) =>
      text.replace(/\$\{secret:([^}]+)\}/g, (_, name: string) => {
        const value = kept.get(name);
        if (value === undefined) throw new Error(`there is no secret ${name}`);
        return value;
      }),
    ...(options.lookMs === undefined ? {} : { lookMs: options.lookMs }),
    ...(options.testWaitMs === undefined ? {} : { testWaitMs: options.testWaitMs }),
    secrets: { get: (name) => kept.get(name), set: async (name, value) => void kept.set(name, value) },
  });
  await notifications.component.start?.();
  const stories = new Map<string, Incident>();
  return {
    store,
    events,
    notifications,
    ahead,
    configure(next) {
      current = VigilesConfig.parse({ ...defaults, ...next });
      notifications.reload();
    },
    config: () => current,
    async incident(change) {
      const before = stories.get(change.id);
      const incident: Incident = {
        service: 'api',
        target: 'api',
        target_class: 'service',
        fault_id: null,
        fingerprint: null,
        tier: null,
        suggestion: null,
        fault_code: 'service.dead',
        title: `${change.service ?? before?.service ?? 'api'} is dead`,
        severity: 'critical',
        state: 'open',
        outcome: null,
        opened_at: clock.now(),
        closed_at: null,
        acknowledged_by: null,
        occurrences: 1,
        timeline: [],
        ...before,
        ...change,
      };
      stories.set(change.id, incident);
      const type =
        incident.state === 'closed' ? 'incident.closed' : before ? 'incident.updated' : 'incident.opened';
      await events.append(type, { actor: 'watchdog', subject: incident.id, data: { incident } });
    },
    async deliveries() {
      const { entries } = await notifications.history.list({ limit: 500, offset: 0 });
      return entries
        .flatMap(({ title, phase, deliveries }) =>
          deliveries.map(({ channel, role, state, reason, created_at: at, id }) => ({
            channel,
            role,
            state,
            reason,
            title: title ?? '',
            phase,
            at,
            id,
          })),
        )
        .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },
    async stop() {
      await notifications.component.stop?.();
      await events.stop();
      await store.close();
      await real.close();
    },
  };
}

/** Waits until nothing waits any more that is due. */
export async function settled(rig: Rig, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  const pause = pauses();
  for (;;) {
    const open = (await rig.deliveries()).filter(({ state }) => state === 'queued' || state === 'sending');
    if (open.length === 0) return;
    if (performance.now() > deadline) throw new Error(`still waiting: ${JSON.stringify(open)}`);
    await pause();
  }
}
