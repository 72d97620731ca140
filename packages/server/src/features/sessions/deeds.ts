import type { Log } from '../../kernel/log.ts';

/** What ends processes, writes files or deletes on behalf of a session: an action of the runner. */
export interface Deed {
  action: 'halt_session' | 'rollback_session' | 'delete_session' | 'stop_agent';
  sessionId: string;
  params: Record<string, unknown>;
  /** Who wants it: `device:<id>`, or a part of Vigiles. */
  actor: string;
  reason: string;
}

/** Has a deed done by the action runner. `done`: how its run ended, in words. */
export type CarryDeed = (
  deed: Deed,
) => Promise<{ ok: true; done: Promise<{ message: string }> } | { ok: false; message: string }>;

/** The run was refused, or it was stopped before it began. */
export class NotBegun extends Error {}

/**
 * Between whoever wants something done and the action runner, which journals, audits and verifies it and calls back for the
 * work itself. Without a runner the work is done at once.
 */
export function createDeeds(log: Log) {
  let carry: CarryDeed | null = null;
  /** First come, first served: two people may ask for the same at once. */
  const waiting = new Map<string, Set<() => Promise<unknown>>>();
  const keyOf = (action: Deed['action'], sessionId: string, commandId = ''): string =>
    `${action} ${sessionId} ${commandId}`;
  /** @returns false where it was taken */
  const drop = (key: string, work: () => Promise<unknown>): boolean => {
    const queue = waiting.get(key);
    const found = queue?.delete(work) ?? false;
    if (queue?.size === 0) waiting.delete(key);
    return found;
  };

  return {
    /** From now on deeds go through this. */
    bind(next: CarryDeed): void {
      carry = next;
    },

    /**
     * Does it through the runner. Resolves with what the work brought, without waiting for its verification.
     * @param atAnyRate it is done even where the runner refuses: nothing may stand in the way of a HALT
     */
    async through<T>(deed: Deed, work: () => Promise<T>, atAnyRate = false): Promise<T> {
      if (!carry) return work();
      const { action, sessionId, params } = deed;
      const { command_id: commandId } = params;
      const key = keyOf(action, sessionId, typeof commandId === 'string' ? commandId : '');
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const begin = (): Promise<T> => {
        const done = work();
        done.then(resolve, reject);
        return done;
      };
      waiting.set(key, (waiting.get(key) ?? new Set()).add(begin));
      const asked = await carry(deed).catch((thrown: unknown) => ({
        ok: false as const,
        message: thrown instanceof Error ? thrown.message : String(thrown),
      }));
      if (asked.ok)
        void asked.done.then(({ message }) => {
          if (drop(key, begin)) reject(new NotBegun(message));
        });
      else if (drop(key, begin)) {
        if (!atAnyRate) throw new NotBegun(asked.message);
        log.warn({ session: sessionId, why: asked.message }, 'A session is halted without an audited run');
        return work();
      }
      return promise;
    },

    /** The work that waits for its run; null where nobody asked for it at a session's own door. */
    take(action: Deed['action'], sessionId: string, commandId?: string): (() => Promise<unknown>) | null {
      const key = keyOf(action, sessionId, commandId);
      const [work] = waiting.get(key) ?? [];
      if (work) drop(key, work);
      return work ?? null;
    },
  };
}
export type Deeds = ReturnType<typeof createDeeds>;
