import type { SessionEvent, VolatileSessionEvent } from '@vigiles/contract';
import type { Log } from '../../../kernel/log.ts';
import { createDelivery, type Delivery } from '../../../platform/event-log/index.ts';

export type SessionListener = (event: SessionEvent) => void;
export type VolatileListener = (event: VolatileSessionEvent) => void;

export interface FanOutDeps {
  head(sessionId: string): Promise<number | null>;
  read(sessionId: string, afterSeq: number, limit: number): Promise<SessionEvent[]>;
  log: Log;
}

/** Hands committed events to whoever listens: each once, in the order of its session's log. */
export interface FanOut {
  /**
   * To be awaited before events of a session are written here: from then on nothing of it is missed.
   * Does nothing where it is followed already.
   */
  follow(sessionId: string): Promise<void>;
  /** Events that were just committed here. */
  offer(sessionId: string, events: readonly SessionEvent[]): void;
  /** Another process may have written to any session that is listened to. */
  poke(): void;
  forget(sessionId: string): void;
  /** `'*'`: every session that is written to here or listened to. */
  subscribe(sessionId: string, listener: SessionListener): () => void;
  subscribeVolatile(sessionId: string, listener: VolatileListener): () => void;
  publishVolatile(event: VolatileSessionEvent): void;
  listening(sessionId: string): boolean;
  stop(): Promise<void>;
}

/** Sessions followed at once without anybody listening; the one that was quiet longest is let go. */
const maxIdle = 2_000;

interface Line {
  delivery: Delivery<SessionEvent>;
  begun: Promise<void>;
}

function createTopics<Message>(log: Log) {
  const topics = new Map<string, Set<(message: Message) => void>>();
  const call = (topic: string, message: Message): void => {
    for (const listener of topics.get(topic) ?? []) {
      try {
        listener(message);
      } catch (thrown) {
        log.error({ err: thrown, session: topic }, 'A listener of a session failed');
      }
    }
  };
  return {
    has: (topic: string) => topics.has(topic),
    keys: () => topics.keys(),
    publish(topic: string, message: Message): void {
      call(topic, message);
      call('*', message);
    },
    subscribe(topic: string, listener: (message: Message) => void): () => void {
      const own = (message: Message) => listener(message);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(own));
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
  };
}

export function createFanOut({ head, read, log }: FanOutDeps): FanOut {
  const durable = createTopics<SessionEvent>(log);
  const volatile = createTopics<VolatileSessionEvent>(log);
  /** Least recently used first. */
  const lines = new Map<string, Line>();

  const letGo = (): void => {
    for (const [id, line] of lines) {
      if (lines.size <= maxIdle) return;
      if (durable.has(id)) continue;
      lines.delete(id);
      void line.delivery.end();
    }
  };

  const open = (sessionId: string): Line => {
    const delivery = createDelivery<SessionEvent>({
      readAfter: (afterSeq, limit) => read(sessionId, afterSeq, limit),
      deliver: (event) => durable.publish(sessionId, event),
      onFailure: (thrown) =>
        log.error({ err: thrown, session: sessionId }, 'Reading new session events failed; trying again'),
    });
    const begun = head(sessionId).then((seq) => delivery.begin(seq ?? 0));
    const line = { delivery, begun };
    lines.set(sessionId, line);
    begun.catch(() => lines.delete(sessionId));
    letGo();
    return line;
  };

  const lineOf = (sessionId: string): Line => {
    const known = lines.get(sessionId);
    if (!known) return open(sessionId);
    lines.delete(sessionId);
    lines.set(sessionId, known);
    return known;
  };

  return {
    follow: (sessionId) => lineOf(sessionId).begun,
    offer: (sessionId, events) => lines.get(sessionId)?.delivery.offer(events),
    poke() {
      for (const [id, { delivery }] of lines) if (durable.has(id) || durable.has('*')) delivery.poke();
    },
    forget(sessionId) {
      const line = lines.get(sessionId);
      lines.delete(sessionId);
      void line?.delivery.end();
    },
    subscribe(sessionId, listener) {
      const leave = durable.subscribe(sessionId, listener);
      if (sessionId !== '*')
        lineOf(sessionId).begun.catch((thrown: unknown) =>
          log.error({ err: thrown, session: sessionId }, 'A session could not be followed'),
        );
      return leave;
    },
    subscribeVolatile: volatile.subscribe,
    publishVolatile: (event) => volatile.publish(event.session_id, event),
    listening: (sessionId) => durable.has(sessionId) || durable.has('*'),
    async stop() {
      const ending = [...lines.values()].map(({ delivery }) => delivery.end());
      lines.clear();
      await Promise.all(ending);
    },
  };
}
