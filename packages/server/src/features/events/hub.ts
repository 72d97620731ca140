import type { Identity, VigilesEvent, VolatileType } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import {
  createGather,
  outletBudget,
  overBudget,
  type Frame,
  type Outlet,
  type OutletBudget,
} from '../../platform/socket/index.ts';
import { mayHear } from './core/audience.ts';
import { wants } from './core/filter.ts';
import { eventLine, volatileFrame, type EventLine } from './frames.ts';
import type { Subscription } from './subscription.ts';

export interface Client {
  readonly outlet: Outlet;
  readonly identity: Identity;
  /** Null until it has subscribed. */
  subscription: Subscription | null;
}

export interface HubStats {
  clients: Record<Outlet['transport'], number>;
  droppedSlow: number;
  delivered: number;
}

export interface HubDeps {
  events: EventLog;
  clock: Clock;
  log: Log;
  budget?: OutletBudget;
}

/** Gives every committed event to every client that wants it, each serialised once. */
export interface Hub {
  start(): Promise<void>;
  stop(): void;
  /** The highest `seq` that was given out: what is not above it is in the store. */
  readonly givenSeq: number;
  join(outlet: Outlet, identity: Identity): Client;
  leave(client: Client): void;
  /** Whether the client is still there. */
  has(client: Client): boolean;
  /** Ends a client's connection and tells it why. */
  drop(client: Client, reason: 'slow_consumer' | 'revoked' | 'shutting_down'): void;
  /** Sends to one client; drops it when it has too much unread. False when it is gone. */
  deliver(client: Client, frame: Frame): boolean;
  /** The same for a live sample: left out, not queued, while the client has much unread. */
  deliverLive(client: Client, frame: Frame): void;
  /** How many clients follow a live topic: who publishes can rest while it is 0. */
  watching(topic: VolatileType): number;
  stats(): HubStats;
  clientCount(): number;
  /** Clients that have subscribed. */
  following(): number;
  /** Bytes that all clients together have not read yet. */
  unreadBytes(): number;
}

/** Between two writes to a client while much happens. Milliseconds. */
const gatherMs = 1;

export function createHub({ events, clock, log, budget = outletBudget }: HubDeps): Hub {
  const clients = new Set<Client>();
  const ends: (() => void)[] = [];
  let givenSeq = 0;
  let droppedSlow = 0;
  let delivered = 0;

  const endings = new Map<Client, NodeJS.Timeout>();
  const forget = (client: Client): void => {
    clearTimeout(endings.get(client));
    endings.delete(client);
  };

  const drop: Hub['drop'] = (client, reason) => {
    if (!clients.delete(client)) return;
    forget(client);
    if (reason === 'slow_consumer') {
      droppedSlow += 1;
      const { transport } = client.outlet;
      log.warn(
        { transport, device: client.identity.deviceId, ...client.outlet.waiting() },
        'dropped a client that does not read',
      );
    }
    client.subscription?.end();
    client.outlet.drop(reason);
  };

  const deliver = (client: Client, frame: Frame): boolean => {
    if (!clients.has(client)) return false;
    client.outlet.send(frame);
    delivered += 1;
    if (!overBudget(client.outlet, budget)) return true;
    drop(client, 'slow_consumer');
    return false;
  };

  // A sample that comes while the last one still waits is worth nothing.
  const deliverLive = (client: Client, frame: Frame): void => {
    if (client.outlet.waiting().bytes <= budget.bytes / 4) deliver(client, frame);
  };

  const gather = createGather<EventLine>(gatherMs, (lines) => {
    for (const client of clients) {
      const { subscription } = client;
      if (!subscription) continue;
      const heard = lines.filter(
        ({ event }) => wants(subscription.filter, event) && mayHear(client.identity, event),
      );
      // The same array for all who hear all of it: it is written once for them.
      subscription.take(heard.length === lines.length ? lines : heard);
    }
  });
  const give = (event: VigilesEvent): void => {
    givenSeq = event.seq;
    gather.put(eventLine(event));
    // Whoever is revoked or rotated is cut off at once, wherever it is connected.
    if (event.type === 'device.revoked' || event.type === 'device.rotated') {
      gather.flush();
      for (const client of clients) if (client.identity.deviceId === event.subject) drop(client, 'revoked');
    } else if (event.type === 'token.ended') {
      for (const client of clients) if (client.identity.short?.id === event.subject) drop(client, 'revoked');
    }
  };

  return {
    async start() {
      // First listen, then ask: an event in between is given out twice rather than never, and `take` sees to that.
      ends.push(events.subscribe(give));
      givenSeq = Math.max(givenSeq, await events.head());
      ends.push(
        events.subscribeVolatile((topic, data) => {
          gather.flush();
          let frame: Frame | undefined;
          for (const client of clients) {
            if (!client.subscription?.topics.has(topic)) continue;
            deliverLive(client, (frame ??= volatileFrame(topic, data, clock.now())));
          }
        }),
      );
    },
    stop() {
      for (const end of ends.splice(0)) end();
      gather.flush();
      for (const client of clients) drop(client, 'shutting_down');
    },
    get givenSeq() {
      return givenSeq;
    },
    join(outlet, identity) {
      const client: Client = { outlet, identity, subscription: null };
      clients.add(client);
      if (identity.short) {
        // A connection lasts no longer than the short token it was made with.
        const leftMs = Math.max(0, identity.short.expiresAt - clock.now());
        endings.set(
          client,
          setTimeout(() => drop(client, 'revoked'), leftMs),
        );
      }
      return client;
    },
    leave(client) {
      forget(client);
      client.subscription?.end();
      clients.delete(client);
    },
    has: (client) => clients.has(client),
    drop,
    deliver,
    deliverLive,
    watching: (topic) => {
      let count = 0;
      for (const client of clients) if (client.subscription?.topics.has(topic)) count += 1;
      return count;
    },
    stats() {
      const count = { 'socket.io': 0, ws: 0, sse: 0 };
      for (const client of clients) count[client.outlet.transport] += 1;
      return { clients: count, droppedSlow, delivered };
    },
    clientCount: () => clients.size,
    following: () => [...clients].filter(({ subscription }) => subscription !== null).length,
    unreadBytes: () => [...clients].reduce((sum, { outlet }) => sum + outlet.waiting().bytes, 0),
  };
}
