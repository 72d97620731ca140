import type { Server } from 'node:http';
import type { Identity, VolatileType } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Route } from '../../kernel/route.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Guards, StreamRoute } from '../../platform/http/index.ts';
import { attachSocketIo, attachWs, type Outlet, type OutletBudget } from '../../platform/socket/index.ts';
import type { Door, Guest } from './door.ts';
import { guestOf } from './guest.ts';
import { createHub, type HubStats } from './hub.ts';
import type { EventsKit } from './kit.ts';
import { eventRoutes, eventStreams } from './routes.ts';
import { serveSocket } from './socket-io.ts';
import { serveWs } from './ws.ts';

export interface EventsFeatureDeps {
  events: EventLog;
  guards: Guards;
  clock: Clock;
  log: Log;
  version: string;
  allowedOrigins(): readonly string[];
  budget?: OutletBudget;
  /** What other features say on the same connections; complete before the first client comes. */
  doors?: readonly Door[];
}

export interface EventsFeature {
  routes: Route[];
  streams: StreamRoute[];
  start(): Promise<void>;
  stop(): void;
  /** Puts Socket.IO and `/ws` on the HTTP server. */
  attach(server: Server): { close(): Promise<void> };
  /**
   * Joins a stream of another feature to the clients that are counted, budgeted and cut off together. `leave` when
   * its connection ends.
   */
  host(outlet: Outlet, identity: Identity, reply: Guest['reply']): { guest: Guest; leave(): void };
  /** How many clients follow a live topic. */
  watching(topic: VolatileType): number;
  stats(): HubStats;
  clientCount(): number;
  /** Clients that have subscribed. */
  following(): number;
  /** Bytes that all clients together have not read yet. */
  unreadBytes(): number;
}

/** The event log as people and programs follow it: Socket.IO, plain WebSocket, SSE and pages. */
export function createEventsFeature(deps: EventsFeatureDeps): EventsFeature {
  const { events, guards, clock, log, version, allowedOrigins } = deps;
  const hub = createHub({ events, clock, log, ...(deps.budget ? { budget: deps.budget } : {}) });
  const kit: EventsKit = { events, hub, clock, log, version, doors: deps.doors ?? [] };
  return {
    routes: eventRoutes(kit),
    streams: eventStreams(kit),
    start: () => hub.start(),
    stop: () => hub.stop(),
    attach(server) {
      const io = attachSocketIo({
        server,
        guards,
        clock,
        allowedOrigins,
        connected: (socket, identity) => serveSocket(kit, socket, identity),
      });
      const plain = attachWs({
        server,
        guards,
        allowedOrigins,
        connected: (ws, identity, early) => serveWs(kit, ws, identity, early),
      });
      return {
        async close() {
          plain.close();
          await io.close();
        },
      };
    },
    host(outlet, identity, reply) {
      const client = hub.join(outlet, identity);
      const guest = guestOf(hub, client, { sessionId: null, reply });
      return { guest, leave: () => hub.leave(client) };
    },
    watching: (topic) => hub.watching(topic),
    stats: () => hub.stats(),
    clientCount: () => hub.clientCount(),
    following: () => hub.following(),
    unreadBytes: () => hub.unreadBytes(),
  };
}
