import type { EventType, VigilesEvent } from '@vigiles/contract';
import type { Log } from '../kernel/log.ts';
import type { EventLog } from '../platform/event-log/index.ts';
import type { Store } from '../platform/store/index.ts';
import { createWaker } from '../kernel/waker.ts';

/** Shortest time between two looks at the log. */
const PACE_MS = 100;

/**
 * The event log as the gateway needs it: subscribers get only these types. The plain log would hand this process
 * every `turn.settled` that its own ledger thread writes, thousands a second, only for them to be thrown away.
 */
export function onlyEvents(events: EventLog, store: Store, types: readonly EventType[], log: Log): EventLog {
  const handlers = new Set<(event: VigilesEvent) => void>();
  let afterSeq = 0;
  let unlisten: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  // One look after the other; one that fails is taken again: a device may have been revoked.
  const looking = createWaker({
    async work() {
      await look();
      return null;
    },
    onFailure: (thrown) => log.error({ err: thrown }, 'new events could not be read; later again'),
  });

  async function look(): Promise<void> {
    for (;;) {
      const found = await events.read({ afterSeq, limit: 500, types });
      for (const event of found) {
        afterSeq = event.seq;
        for (const handler of handlers) handler(event);
      }
      if (found.length < 500) return;
    }
  }

  function lookSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      looking.wake();
    }, PACE_MS).unref();
  }

  return {
    ...events,
    subscribe(handler) {
      handlers.add(handler);
      return () => {
        handlers.delete(handler);
      };
    },
    async start() {
      let begun = false;
      unlisten = store.onCommit(() => {
        if (begun) lookSoon();
      });
      afterSeq = await events.head();
      begun = true;
      // What came between the two.
      lookSoon();
    },
    async stop() {
      unlisten?.();
      if (timer) clearTimeout(timer);
      await looking.stop();
    },
  };
}
