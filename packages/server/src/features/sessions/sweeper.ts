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

  async function sweep(): Promise<boolean> {
    const now = clock.now();
    const [commands, decisions, leases] = await Promise.all([
      db
        .selectFrom('session_command')
        .select(['session_id', 'command_id'])
        .where('state', '=', 'queued')
        .where('deadline', '<=', now)
        .limit(batch)
        .execute(),
      db
        .selectFrom('session_decision')
        .select(['session_id', 'decision_id'])
        .where('state', '=', 'pending')
        .where('expires_at', '<=', now)
        .limit(batch)
        .execute(),
      db
        .selectFrom('session_lease')
        .select('session_id')
        .where('expires_at', '>', 0)
        .where('expires_at', '<=', now)
        .limit(batch)
        .execute(),
    ]);
    await each(commands, deps.expireCommand);
    await each(decisions, deps.expireDecision);
    await each(leases, deps.expireLease);
    return commands.length === batch || decisions.length === batch || leases.length === batch;
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
    let again = false;
    running = sweep()
      .then((more) => {
        again = more;
      })
      .catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'What is over could not be looked for; later again'),
      )
      .finally(() => {
        running = null;
        plan(clock.now() + (again ? 1 : everyMs));
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
      while (await sweep());
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
