import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import { createWriteBehind, type Store } from '../../../platform/store/index.ts';
import type { HeartbeatPast } from '../core/heartbeat.ts';
import type { HeartbeatRow, WatchdogTables } from '../tables.ts';

/** What somebody tells us when they push. */
export interface Push {
  status: 'up' | 'down';
  message: string;
  pingMs: number | null;
}

export interface HeartbeatPlace {
  service: string;
  check: string;
}

/** What was heard, by whom, and under which secret address. */
export interface HeartbeatBook {
  /** The token of a check: the configured one, else one that is made once and kept. */
  tokenOf(place: HeartbeatPlace, configured: string | null): string;
  past(place: HeartbeatPlace): HeartbeatPast & { pingMs: number | null };
  /** @returns whose token it is; null when it is nobody’s */
  receive(token: string, push: Push): HeartbeatPlace | null;
  /** Called after a push was noted. */
  onPush(listener: (place: HeartbeatPlace) => void): void;
  load(): Promise<void>;
  stop(): Promise<void>;
}

/** Away for longer than this, a heartbeat may have been missed; senders try again over shorter gaps. */
const deafAfterMs = 60_000;
/** That we listen is written down this often. */
const aliveEveryMs = 30_000;

const keyOf = ({ service, check }: HeartbeatPlace): string => `${service}\n${check}`;

export function createHeartbeatBook({
  store,
  clock,
  log,
}: {
  store: Store;
  clock: Clock;
  log: Log;
}): HeartbeatBook {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  const behind = createWriteBehind({ log });
  const rows = new Map<string, HeartbeatRow>();
  const places = new Map<string, HeartbeatPlace>();
  const deafUntil = new Map<string, number>();
  let listener: (place: HeartbeatPlace) => void = () => undefined;

  function save(row: HeartbeatRow): void {
    const copy = { ...row };
    const { token, last_at, status, message, ping_ms, alive_at } = copy;
    const news = { token, last_at, status, message, ping_ms, alive_at };
    behind.push(`heartbeat of ${row.service}`, () =>
      db
        .insertInto('heartbeat')
        .values(copy)
        .onConflict((conflict) => conflict.columns(['service', 'check_id']).doUpdateSet(news))
        .execute(),
    );
  }

  function rowOf(place: HeartbeatPlace): HeartbeatRow {
    const known = rows.get(keyOf(place));
    if (known) return known;
    const now = clock.now();
    const fresh: HeartbeatRow = {
      service: place.service,
      check_id: place.check,
      token: randomBytes(18).toString('base64url'),
      first_at: now,
      last_at: null,
      status: 'up',
      message: '',
      ping_ms: null,
      alive_at: now,
    };
    rows.set(keyOf(place), fresh);
    save(fresh);
    return fresh;
  }

  return {
    tokenOf(place, configured) {
      const token = configured ?? rowOf(place).token;
      const key = keyOf(place);
      if (keyOf(places.get(token) ?? { service: '', check: '' }) !== key) {
        for (const [old, of] of places) if (keyOf(of) === key) places.delete(old);
        places.set(token, place);
      }
      return token;
    },

    past(place) {
      const row = rowOf(place);
      const now = clock.now();
      if (now - row.alive_at > deafAfterMs) deafUntil.set(keyOf(place), now);
      if (Math.abs(now - row.alive_at) > aliveEveryMs) {
        row.alive_at = now;
        save(row);
      }
      return {
        firstAt: row.first_at,
        lastAt: row.last_at,
        status: row.status === 'down' ? 'down' : 'up',
        message: row.message,
        deafUntil: deafUntil.get(keyOf(place)) ?? null,
        pingMs: row.ping_ms,
      };
    },

    receive(token, push) {
      const place = places.get(token);
      if (!place) return null;
      const row = rowOf(place);
      row.last_at = clock.now();
      row.status = push.status;
      row.message = push.message;
      row.ping_ms = push.pingMs;
      save(row);
      listener(place);
      return place;
    },

    onPush(next) {
      listener = next;
    },

    async load() {
      for (const row of await db.selectFrom('heartbeat').selectAll().execute()) {
        rows.set(keyOf({ service: row.service, check: row.check_id }), row);
      }
    },

    stop: () => behind.close(),
  };
}
