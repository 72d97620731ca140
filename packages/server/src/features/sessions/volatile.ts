import type { VolatileSessionEvent } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';

/** How long what is said live may gather. Milliseconds. */
const gatherMs = 50;
/** Characters gathered of one text; what is beyond goes out at once. */
const maxText = 64 * 1024;
/** Texts and figures gathered at once; with one more all of them go out. */
const maxKeys = 1_000;

/**
 * Live words and figures between two durable events: texts of one key (`data.delta`) are put together, of anything
 * else the last counts. Gone out within 50 ms; never stored.
 */
export function createVolatile(clock: Clock, send: (event: VolatileSessionEvent) => void) {
  const gathering = new Map<string, VolatileSessionEvent>();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const ready = [...gathering.values()];
    gathering.clear();
    for (const event of ready) send(event);
  };

  return {
    /** @param key what may be put together: a message's id; the type where there is none */
    publish(sessionId: string, type: string, data: Record<string, unknown>, key = ''): void {
      const at = `${sessionId}\n${type}\n${key}`;
      const before = gathering.get(at);
      const delta = data['delta'];
      const earlier = before?.data['delta'];
      const joined = typeof delta === 'string' && typeof earlier === 'string' ? earlier + delta : delta;
      gathering.set(at, {
        session_id: sessionId,
        type,
        ts: clock.now(),
        data: joined === undefined ? data : { ...data, delta: joined },
      });
      if (gathering.size > maxKeys || (typeof joined === 'string' && joined.length > maxText)) flush();
      else timer ??= setTimeout(flush, gatherMs).unref();
    },
    stop: flush,
  };
}
