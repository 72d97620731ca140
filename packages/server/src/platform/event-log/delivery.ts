/** What can be handed on: it has a place in its log. */
interface Placed {
  seq: number;
}

export interface DeliveryOptions<Event extends Placed> {
  /** Committed events after `seq`, in order, at most `limit`. */
  readAfter(seq: number, limit: number): Promise<Event[]>;
  deliver(event: Event): void;
  onFailure(thrown: unknown): void;
}

/**
 * Hands on committed events in `seq` order, each once. What this process committed is offered directly;
 * what others committed in between is read from the store.
 */
export interface Delivery<Event extends Placed> {
  /** Delivers what comes after `seq`. Until then nothing is delivered. */
  begin(seq: number): void;
  /** Events this process has committed. */
  offer(events: readonly Event[]): void;
  /** Somebody committed something: look. */
  poke(): void;
  /** Resolves when no read is under way any more. */
  end(): Promise<void>;
}

const pageSize = 500;
const retryAfterMs = 50;

export function createDelivery<Event extends Placed>({
  readAfter,
  deliver,
  onFailure,
}: DeliveryOptions<Event>): Delivery<Event> {
  let running = false;
  let last = 0;
  /** Own events that wait for somebody else's earlier ones. */
  const held = new Map<number, Event>();
  let reading: Promise<void> | null = null;
  let again = false;
  let retry: NodeJS.Timeout | null = null;

  const drain = () => {
    for (let next = held.get(last + 1); next; next = held.get(last + 1)) {
      held.delete(next.seq);
      last = next.seq;
      deliver(next);
    }
  };
  const readAll = async () => {
    for (;;) {
      again = false;
      const page = await readAfter(last, pageSize);
      for (const event of page) {
        if (!running) return;
        // A direct offer may have overtaken this read.
        if (event.seq <= last) continue;
        last = event.seq;
        held.delete(event.seq);
        deliver(event);
      }
      drain();
      if (!running || (page.length < pageSize && !again)) return;
    }
  };
  const poke = () => {
    if (!running) return;
    again = true;
    if (reading || retry) return;
    reading = readAll()
      .catch((thrown: unknown) => {
        if (!running) return;
        onFailure(thrown);
        retry = setTimeout(() => {
          retry = null;
          poke();
        }, retryAfterMs).unref();
      })
      .finally(() => {
        reading = null;
        if (again && !retry) poke();
      });
  };

  return {
    begin(seq) {
      last = seq;
      running = true;
    },
    offer(events) {
      if (!running) return;
      for (const event of events) if (event.seq > last) held.set(event.seq, event);
      drain();
      if (held.size > 0) poke();
    },
    poke,
    async end() {
      running = false;
      again = false;
      if (retry) clearTimeout(retry);
      retry = null;
      held.clear();
      await reading;
    },
  };
}
