import type { DevicesDeps } from './deps.ts';
import { createLru } from './core/lru.ts';
import type { DeviceTables } from './tables.ts';

const intervalMs = 60_000;

/** Writes `last_seen_at` at most once a minute per device, off the request's path. */
export function createLastSeen({ store, clock, log }: DevicesDeps) {
  const written = createLru<number>(10_000);
  const pending = new Set<Promise<void>>();
  return {
    touch(id: string): void {
      const nowMs = clock.now();
      if (nowMs - (written.get(id) ?? -intervalMs) < intervalMs) return;
      written.set(id, nowMs);
      const write = store
        .transaction<DeviceTables, void>(async (trx) => {
          await trx.updateTable('device').set({ last_seen_at: nowMs }).where('id', '=', id).execute();
        })
        .catch((thrown: unknown) => log.warn({ err: thrown }, 'last_seen_at could not be written'))
        .finally(() => pending.delete(write));
      pending.add(write);
    },
    /** Waits for writes under way. */
    async settle(): Promise<void> {
      await Promise.all(pending);
    },
  };
}
