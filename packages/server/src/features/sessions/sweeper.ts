import type { Kysely } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { SessionTables } from './tables.ts';

export interface SweeperDeps {
  db: Kysely<SessionTables>;
  clock: Clock;
  log: Log;
  expireCommand(row: { session_id: string; command_id: string }): Promise<void>;
  expireDecision(row: { session_id: string; decision_id: string }): Promise<void>;
  expireLease(row: { session_id: string }): Promise<void>;
  /** How often it looks without being told of anything: other processes set times too. Milliseconds. */
  everyMs?: number;
}

/** Ends what waited too long: commands, decisions and leases. One timer for all. */
export interface Sweeper {
  start(): void;
  /** Something ends at this time. */
  at(ms: number): void;
  /** Ends what is over now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Something that ends, UTC ms. */
interface Ending {
  ends_at: number | null;
}

/** Ended in one round; the rest follows at once. */
const batch = 200;

export function createSweeper(deps: SweeperDeps): Sweeper {
  const { db, clock, log, everyMs = 5_000 } = deps;
  let timer: NodeJS.Timeout | null = null;
  let due = Infinity;
  let running: Promise<void> | null = null;
  let stopped = true;

  const each = async <Row>(rows: readonly Row[], end: (row: Row) => Promise<void>): Promise<void> => {
    for (const row of rows)
      await end(row).catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'Something that is over could not be ended'),
      );
  };

  /** `more`: there is more to end at once. `next`: when the first one of those ends that do not wait for the next look; else infinity. */
  async function sweep(): Promise<{ more: boolean; next: number }> {
    const now = clock.now();
    const soon = now + everyMs;
    const [commands, decisions, leases] = await Promise.all([
      db
        .selectFrom('session_command')
        .select(['session_id', 'command_id', 'deadline as ends_at'])
        .where('state', '=', 'queued')
        .where('deadline', '<=', soon)
        .orderBy('deadline')
        .limit(batch)
        .execute(),
      db
        .selectFrom('session_decision')
        .select(['session_id', 'decision_id', 'expires_at as ends_at'])
        .where('state', '=', 'pending')
        .where('expires_at', '<=', soon)
        .orderBy('expires_at')
        .limit(batch)
        .execute(),
      db
        .selectFrom('session_lease')
        .select(['session_id', 'expires_at as ends_at'])
        .where('expires_at', '>', 0)
        .where('expires_at', '<=', soon)
        .orderBy('expires_at')
        .limit(batch)
        .execute(),
    ]);
    const over = <Row extends Ending>(rows: readonly Row[]): Row[] =>
      rows.filter(({ ends_at: at }) => at !== null && at <= now);
    await each(over(commands), deps.expireCommand);
    await each(over(decisions), deps.expireDecision);
    await each(over(leases), deps.expireLease);
    const all: (readonly Ending[])[] = [commands, decisions, leases];
    const times = all.flat().flatMap(({ ends_at: at }) => (at !== null && at > now ? [at] : []));
    return {
      more: all.some((rows) => rows.length === batch && over(rows).length === batch),
      next: Math.min(Infinity, ...times),
    };
  }

  const plan = (atMs: number): void => {
    if (stopped || atMs >= due) return;
    due = atMs;
    if (timer) clearTimeout(timer);
    timer = setTimeout(run, Math.max(1, atMs - clock.now())).unref();
  };

  function run(): void {
    timer = null;
    due = Infinity;
    if (stopped) return;
    // Something is over that the round under way may have missed.
    if (running) return plan(clock.now() + 5);
    let wait = everyMs;
    running = sweep()
      .then(({ more, next }) => {
        // A little later, so that it is over when it is looked at.
        wait = more ? 1 : Math.min(everyMs, next - clock.now() + 2);
      })
      .catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'What is over could not be looked for; later again'),
      )
      .finally(() => {
        running = null;
        plan(clock.now() + wait);
      });
  }

  return {
    start() {
      stopped = false;
      plan(clock.now() + 1);
    },
    // A little later, so that it is over when it is looked at.
    at: (ms) => plan(ms + 2),
    async sweep() {
      while ((await sweep()).more);
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
