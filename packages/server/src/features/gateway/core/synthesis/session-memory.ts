import { createStuckCounter, createUrlMemory, type StuckCounter, type UrlMemory } from '@vigiles/wire';

/** What is known of one session. */
export interface SessionMemory {
  readonly urls: UrlMemory;
  readonly stuck: StuckCounter;
}

export interface SessionMemories {
  /** The memory of a session, made when there is none. `now`: UTC milliseconds. */
  of(session: string, now: number): SessionMemory;
  readonly size: number;
}

export interface SessionBounds {
  /** Sessions kept; the one that was silent longest goes first. Default 500. */
  max?: number;
  /** A session that was silent for so long begins anew. Default one hour. */
  ttlMs?: number;
}

/** Memories of sessions, bounded in number and age. */
export function createSessionMemories({ max = 500, ttlMs = 3_600_000 }: SessionBounds = {}): SessionMemories {
  /** Longest silent first. */
  const sessions = new Map<string, { memory: SessionMemory; usedAt: number }>();
  return {
    get size() {
      return sessions.size;
    },
    of(session, now) {
      const known = sessions.get(session);
      sessions.delete(session);
      const fresh = known && now - known.usedAt < ttlMs ? known.memory : undefined;
      const memory = fresh ?? { urls: createUrlMemory(), stuck: createStuckCounter() };
      sessions.set(session, { memory, usedAt: now });
      for (const [oldest, { usedAt }] of sessions) {
        if (sessions.size <= max && now - usedAt < ttlMs) break;
        sessions.delete(oldest);
      }
      return memory;
    },
  };
}
