import type { Turn } from '@vigiles/contract';
import { readSessionUsage } from '../features/gateway/index.ts';
import type { Extend } from './extension.ts';

/** Turns that settle close together are summed up once. */
const WAIT_MS = 200;

/** What a session's model traffic costs, from the ledger into the session: true after any restart, whoever was away. */
export const sessionCosts: Extend = ({ sessions, events, store, log }) => {
  const due = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let summing: Promise<void> = Promise.resolve();
  let unsubscribe = () => {};

  async function sumUp(sessionId: string): Promise<void> {
    const session = await sessions.get(sessionId);
    const devices = session && (await sessions.payers(sessionId));
    if (!devices) return;
    const since = Date.parse(session.created_at);
    const usage = await readSessionUsage(store, { sessionId, devices, since });
    if (usage.turns === 0) return;
    // Agents that are held here count their tokens themselves, also those that never passed the gateway.
    const told = session.agent !== null && session.agent.kind !== 'http';
    const tokens = {
      input_tokens: usage.inputTokens,
      cached_input_tokens: usage.cachedInputTokens,
      output_tokens: usage.outputTokens,
    };
    const data = { cost_microusd: usage.costMicros, turns: usage.turns, ...(told ? {} : tokens) };
    // Two controls on one database say it once.
    const local_id = `ledger-${usage.turns}-${usage.costMicros}`;
    const by = { actor: 'gateway', producer: 'ledger', trusted: true };
    await sessions.append(sessionId, [{ type: 'usage:updated', data, local_id }], by);
  }
  function flush(): void {
    timer = null;
    const now = [...due];
    due.clear();
    for (const sessionId of now)
      summing = summing
        .then(() => sumUp(sessionId))
        .catch((thrown: unknown) =>
          log.warn({ err: thrown, session: sessionId }, 'What a session cost could not be summed up'),
        );
  }
  function later(sessionId: string): void {
    due.add(sessionId);
    timer ??= setTimeout(flush, WAIT_MS).unref();
  }
  return {
    components: [
      {
        name: 'session costs',
        start() {
          unsubscribe = events.subscribe((event) => {
            if (event.type === 'turn.settled') {
              const { session_id: sessionId } = (event.data as { turn: Turn }).turn;
              if (sessionId !== null) later(sessionId);
            } else if (event.type === 'system.started')
              // The gateway works on while control is away.
              for (const sessionId of sessions.heldHere()) later(sessionId);
          });
        },
        async stop() {
          unsubscribe();
          if (timer) clearTimeout(timer);
          await summing;
        },
      },
    ],
  };
};
