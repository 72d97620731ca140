import type { SessionCommand } from '@vigiles/contract';

/** Commands that were promised: exactly one of these is called. */
export interface Promised {
  /** They are marked as delivered, and that is on disk. */
  take(commands: readonly SessionCommand[]): void;
  /** Whether they are marked is not known. */
  missed(): void;
}

/** Somebody who waits for commands under a lease. */
export interface Receiver {
  /** Of its lease. */
  readonly epoch: number;
  /** Within the transaction that marks them as delivered: from here on they are on their way to it. */
  promise(commandIds: readonly string[]): Promised;
}

/** Who would take a session's next command at once: for them it is accepted and delivered in one transaction. */
export interface Receivers {
  /** @returns the function that ends its waiting */
  join(sessionId: string, receiver: Receiver): () => void;
  /** The one that waits longest. */
  first(sessionId: string): Receiver | null;
}

export function createReceivers(): Receivers {
  const waiting = new Map<string, Set<Receiver>>();
  return {
    join(sessionId, receiver) {
      const own = waiting.get(sessionId) ?? new Set();
      waiting.set(sessionId, own.add(receiver));
      return () => {
        own.delete(receiver);
        if (own.size === 0 && waiting.get(sessionId) === own) waiting.delete(sessionId);
      };
    },
    first(sessionId) {
      const [first] = waiting.get(sessionId) ?? [];
      return first ?? null;
    },
  };
}

/**
 * Waits for the next commands of a session until it is promised some or `until` resolves. Resolves with what it was given, null
 * where that is nothing.
 */
export async function receiveOnce(
  receivers: Receivers,
  sessionId: string,
  epoch: number,
  until: Promise<unknown>,
): Promise<SessionCommand[] | null> {
  const given = Promise.withResolvers<SessionCommand[] | null>();
  let promised = false;
  const leave = receivers.join(sessionId, {
    epoch,
    promise() {
      promised = true;
      leave();
      return { take: (commands) => given.resolve([...commands]), missed: () => given.resolve(null) };
    },
  });
  await Promise.race([until, given.promise]);
  leave();
  return promised ? given.promise : null;
}
