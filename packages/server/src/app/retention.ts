import type { VigilesConfig } from '@vigiles/contract';
import { pruneContents, pruneTurns } from '../features/gateway/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Component } from '../kernel/lifecycle.ts';
import type { Log } from '../kernel/log.ts';
import type { EventLog } from '../platform/event-log/index.ts';
import type { Store } from '../platform/store/index.ts';

const dayMs = 86_400_000;
/** Whoever reads the log finds at least these, however old. */
const keepEvents = 1_000;

export interface RetentionDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  log: Log;
  config(): VigilesConfig;
  /** Wait after the start, so that pruning does not compete with it, and between two rounds. Milliseconds. */
  firstMs?: number;
  everyMs?: number;
}

/** Forgets what is older than the configuration wants to keep, a little at a time. */
export function createRetention(deps: RetentionDeps): Component {
  const { store, events, clock, log, config, firstMs = 30_000, everyMs = 3_600_000 } = deps;
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();

  async function prune(): Promise<void> {
    const { keep_events_days, keep_turns_days } = config().store;
    const { signal } = stopped;
    const olderThanMs = keep_events_days * dayMs;
    const forgotten = {
      events: await events.prune({ olderThanMs, keep: keepEvents, signal }),
      turns: signal.aborted ? 0 : await pruneTurns(store, clock.now() - keep_turns_days * dayMs, signal),
      contents: signal.aborted
        ? 0
        : await pruneContents(store, clock.now() - config().gateway.prompts_keep_days * dayMs),
    };
    if (forgotten.events + forgotten.turns + forgotten.contents > 0)
      log.info(forgotten, 'Old records were deleted');
  }

  function next(waitMs: number): void {
    if (stopped.signal.aborted) return;
    timer = setTimeout(() => {
      round = prune()
        .catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'Old records could not be deleted; later again'),
        )
        .finally(() => next(everyMs));
    }, waitMs).unref();
  }

  return {
    name: 'retention',
    start: () => next(firstMs),
    async stop() {
      stopped.abort();
      if (timer) clearTimeout(timer);
      await round;
    },
  };
}
