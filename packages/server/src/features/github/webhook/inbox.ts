import type { Clock } from '../../../kernel/clock.ts';
import { toFault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import { createWaker } from '../../../kernel/waker.ts';
import type { Presence } from '../../../platform/presence/index.ts';
import type { InboxStore, WaitingDelivery } from './inbox-store.ts';

export interface InboxDeps {
  store: InboxStore;
  presence: Presence;
  clock: Clock;
  log: Log;
  /** Throws where it should be tried again, or, with a fault that is not retryable, given up. */
  handle(delivery: WaitingDelivery, signal: AbortSignal): Promise<void>;
  /** Milliseconds before each further try; after the last one it has failed. */
  retryMs?: readonly number[];
}

/** A process that hangs while it handles one is not waited for any longer. */
const leaseMs = 900_000;
const atOnce = 3;

/** Two deliveries about the same run are handled one after the other. */
const laneOf = ({ id, facts }: WaitingDelivery): string =>
  facts.kind === 'run' ? facts.run.id : facts.kind === 'run_hint' ? facts.runId : id;

/** Works off what was received: a few at a time, oldest first, again after a while where it failed. */
export function createInbox(deps: InboxDeps) {
  const { store, presence, clock, log, retryMs = [5_000, 30_000, 120_000, 600_000] } = deps;
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  /** Why what came of one could not be written, until it was told. */
  let unwritten: { why: unknown } | null = null;

  async function work(delivery: WaitingDelivery): Promise<void> {
    try {
      if (!(await store.claim(delivery, clock.now() + leaseMs, presence.id))) return;
      await deps.handle(delivery, stopping.signal);
      await store.settle(delivery.id, 'done', null);
    } catch (thrown) {
      if (stopping.signal.aborted) return;
      const { message, retryable, code } = toFault(thrown);
      log.warn({ err: thrown, delivery: delivery.id }, 'A delivery of GitHub could not be handled');
      const waitMs = retryable || code === 'internal_error' ? retryMs[delivery.attempts] : undefined;
      if (waitMs === undefined) await store.settle(delivery.id, 'failed', message);
      else await store.later(delivery.id, delivery.attempts + 1, clock.now() + waitMs, message);
    }
  }

  async function look(): Promise<number | null> {
    if (unwritten) {
      const { why } = unwritten;
      unwritten = null;
      throw why;
    }
    for (const delivery of await store.waiting(clock.now(), 50)) {
      if (stopping.signal.aborted || underWay.size >= atOnce) break;
      const lane = laneOf(delivery);
      if (underWay.has(lane)) continue;
      const done = work(delivery)
        .catch((thrown: unknown) => {
          unwritten = { why: thrown };
        })
        .finally(() => {
          underWay.delete(lane);
          waker.wake();
        });
      underWay.set(lane, done);
    }
    const nextAt = await store.nextAt();
    // Whatever ends wakes it; what is due may wait for just that.
    return nextAt === null ? null : Math.max(underWay.size > 0 ? 5_000 : 250, nextAt - clock.now());
  }
  const waker = createWaker({
    work: look,
    onFailure: (thrown) =>
      log.warn({ err: thrown }, 'The inbox of GitHub could not be read or written; later again'),
  });

  return {
    /** Something came in. */
    wake: waker.wake,
    /** Takes up what controls held that are gone, and begins. */
    async start(): Promise<void> {
      await store.free(clock.now(), await presence.gone());
      waker.wake();
    },
    /** Other controls come and go: what the dead held is handled by who is left. */
    async takeUp(): Promise<void> {
      if (!stopping.signal.aborted && (await store.free(clock.now(), await presence.gone()))) waker.wake();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await waker.stop();
      await Promise.all(underWay.values());
    },
  };
}
