import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import { identify, isAlive } from '../process/index.ts';
import type { Store } from '../store/index.ts';
import { processPlace } from './place.ts';
import type { PresenceTables } from './tables.ts';

/** Who works on a database, for whatever is taken by one control and must not be taken by another. */
export interface Presence {
  /** Name to write beside what this control takes for itself. */
  id: string;
  /** Other controls may work on the same database. */
  shared: boolean;
  /** Tells of each name whether whoever bore it is gone, so that what it held is free. Its own never is. */
  gone(): Promise<(owner: string) => boolean>;
  /** Called at every sign of life, so that what the dead held is taken up by who is left. */
  each(listener: () => Promise<void>): void;
}

export interface PresenceDeps {
  store: Store;
  log: Log;
  clock?: Clock;
  /** Between two signs of life. Milliseconds. */
  beatMs?: number;
  /** How long a sign of life counts: clocks of machines may differ, and a database may be away for a while. */
  leaseMs?: number;
}

/** A home's database has one control: every other name in it is of one that is gone. */
export const alone = (id: string): Presence => ({
  id,
  shared: false,
  gone: async () => (owner) => owner !== id,
  each: () => {},
});

/**
 * Signs of life of every control on one PostgreSQL. Gone is who went in order, whose process is known to have ended, or who
 * has given no sign of life for `leaseMs`.
 */
export function createPresence({
  store,
  log,
  clock = systemClock,
  beatMs = 10_000,
  leaseMs = 60_000,
}: PresenceDeps): Presence & { component: Component } {
  const id = store.instance;
  const listeners: (() => Promise<void>)[] = [];
  const name = 'presence';
  if (store.dialect === 'sqlite') return { ...alone(id), component: { name } };
  const db = store.db<PresenceTables>();
  const place = processPlace();
  const own = { instance: id, place, pid: process.pid, start_time: identify(process.pid)?.startTime ?? null };
  let timer: NodeJS.Timeout | null = null;
  let beating: Promise<void> | null = null;

  async function sign(): Promise<void> {
    const alive_until = clock.now() + leaseMs;
    await db
      .insertInto('control_presence')
      .values({ ...own, alive_until })
      .onConflict((conflict) => conflict.column('instance').doUpdateSet({ alive_until }))
      .execute();
  }

  async function gone(): Promise<(owner: string) => boolean> {
    const rows = await db.selectFrom('control_presence').selectAll().execute();
    const living = rows.filter(({ alive_until, pid, start_time, ...row }) => {
      if (alive_until <= clock.now()) return false;
      const known = row.place !== null && row.place === place && start_time !== null;
      return !known || isAlive({ pid, startTime: start_time });
    });
    const names = new Set(living.map(({ instance }) => instance));
    return (owner) => owner !== id && !names.has(owner);
  }

  async function beat(): Promise<void> {
    try {
      await sign();
      // Long over, so that nobody's clock can say otherwise.
      await db
        .deleteFrom('control_presence')
        .where('alive_until', '<', clock.now() - 10 * leaseMs)
        .execute();
    } catch (thrown) {
      log.warn({ err: thrown }, 'The sign of life of this control could not be given; soon again');
      return;
    }
    for (const listener of listeners)
      await listener().catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'What a control that is gone had taken could not be taken up; soon again'),
      );
  }

  return {
    id,
    shared: true,
    gone,
    each: (listener) => void listeners.push(listener),
    component: {
      name,
      async start() {
        await sign();
        timer = setInterval(() => {
          beating ??= beat().finally(() => (beating = null));
        }, beatMs).unref();
      },
      async stop() {
        if (timer) clearInterval(timer);
        await beating;
        await db
          .deleteFrom('control_presence')
          .where('instance', '=', id)
          .execute()
          .catch((thrown: unknown) => log.warn({ err: thrown }, 'This control could not sign off'));
      },
    },
  };
}
