import type { QueryClient } from '@tanstack/react-query';
import type { VolatileData } from '@vigiles/contract';
import { io, type Socket } from 'socket.io-client';
import { applyEvents } from '../data/apply-events.ts';
import { growAudit } from '../data/audit.ts';
import { readEvents, servicesQuery, statusQuery, type GatewayAnswer } from '../data/queries.ts';
import { beats } from './beats.ts';
import { connection } from './connection.ts';
import { createEventStore } from './event-store.ts';
import { serverClock } from './server-clock.ts';
import { takeFirstPage } from './first-page.ts';
import { wireEvent, type WireMessage } from './wire-event.ts';

const KEPT = 500;
const FIRST_PAGE = 100;
/** The server tells whole seconds. */
const ROUNDING_MS = 1_000;

/** Hidden tabs get no animation frames; a timer keeps them true, and the title right. */
const schedule = (flush: () => void): void => {
  if (document.hidden) setTimeout(flush, 500);
  else requestAnimationFrame(flush);
};

export const eventStore = createEventStore({ capacity: KEPT, schedule, failed: reportError });

/** Fills the store with the end of the log, so that the feed is there before anything new happens. */
async function loadFirstPage(client: QueryClient): Promise<void> {
  const status = await client.ensureQueryData(statusQuery);
  // Events bear the server's time, and our clock may be another one.
  const { started_at: startedAt, uptime_s: uptimeS } = status.server;
  const openedAt = startedAt + uptimeS * 1000 - performance.now() - ROUNDING_MS;
  const events = await readEvents(Math.max(0, status.events.head_seq - FIRST_PAGE), FIRST_PAGE);
  takeFirstPage(eventStore, events, status.events.head_seq, openedAt);
}

function takeVolatile(client: QueryClient, name: string, data: WireMessage['data']): void {
  if (name === 'fleet:beats') {
    beats.add(data as VolatileData<'fleet.beats'>);
  } else if (name === 'audit:recorded') {
    growAudit(client);
  } else if (name === 'gateway:live') {
    const { snapshot } = data as VolatileData<'gateway.live'>;
    client.setQueryData<GatewayAnswer>(['gateway'], { state: snapshot ? 'up' : 'unreachable', snapshot });
  }
}

/**
 * Follows the server until the returned function is called. Each connection subscribes from the cursor, so what
 * happened while it was away arrives first and in order.
 */
export function startLive(client: QueryClient): () => void {
  const stopBatches = eventStore.onBatch((batch) => applyEvents(client, batch));
  let stopped = false;
  let connectedBefore = false;
  let loaded = false;
  const socket: Socket = io({
    autoConnect: false,
    transports: ['websocket', 'polling'],
    reconnectionDelayMax: 5_000,
  });

  /** The first answer after each connection is about what was missed; later ones only changed the topics. */
  let joining = false;
  let withBeats = false;
  const subscribe = (): void => {
    withBeats = beats.isWanted();
    socket.emit('subscribe', {
      // Without a first page there is nothing to resume: begin with what is new.
      last_seq: loaded || eventStore.cursor() > 0 ? eventStore.cursor() : null,
      topics: [...(withBeats ? ['fleet.beats'] : []), 'gateway.live', 'audit.recorded'],
    });
  };
  const stopBeats = beats.onWanted((wanted) => {
    if (!socket.connected || joining) return;
    subscribe();
    // The looks that were made meanwhile are in the list only.
    if (wanted) void client.invalidateQueries({ queryKey: servicesQuery.queryKey, exact: true });
  });
  socket.on('connected', ({ timestamp }: { timestamp?: string }) => serverClock.tell(timestamp));
  socket.on('connect', () => {
    joining = true;
    subscribe();
  });
  socket.on('subscribed', (answer: { head_seq: number; reset?: boolean }) => {
    connection.live();
    if (!joining) return;
    joining = false;
    if (beats.isWanted() !== withBeats) subscribe();
    // A log that ends before our cursor is another log: the store was restored or replaced.
    const replaced = answer.reset ?? answer.head_seq < eventStore.cursor();
    if (replaced) eventStore.reset([], answer.head_seq);
    // Samples were not kept for us while we were away.
    if (connectedBefore || replaced) void client.invalidateQueries();
    connectedBefore = true;
  });
  socket.on('disconnect', (reason) => {
    connection.lost();
    if (reason === 'io server disconnect' && !stopped) setTimeout(() => !stopped && socket.connect(), 1_000);
  });
  socket.on('connect_error', () => {
    connection.lost();
    if (!socket.active && !stopped) setTimeout(() => !stopped && socket.connect(), 3_000);
  });
  socket.onAny((name: string, message: WireMessage | undefined) => {
    const event = wireEvent(message);
    if (event) eventStore.push(event);
    else if (message?.data) takeVolatile(client, name, message.data);
  });

  void loadFirstPage(client)
    .then(() => {
      loaded = true;
    })
    // The screens say what cannot be read; the live connection is tried all the same.
    .catch(() => {})
    .then(() => !stopped && socket.connect());

  return () => {
    stopped = true;
    stopBatches();
    stopBeats();
    socket.disconnect();
  };
}
