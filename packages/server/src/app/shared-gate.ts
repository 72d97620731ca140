import type { VigilesConfig } from '@vigiles/contract';
import {
  createSharedGate,
  createSoloGate,
  readSpent,
  type GatewayOptions,
} from '../features/gateway/process.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Store } from '../platform/store/index.ts';

export interface SharedGateDeps {
  bus: VigilesConfig['bus'];
  /** The address with its references filled in. */
  url: string;
  store: Store;
  /** Turns that are settled and not written yet. */
  waiting(): number;
  onReached: NonNullable<GatewayOptions['onBudgetReached']>;
  log: Log;
}

/** Longest wait for the ledger before its sums are read. */
const FLUSH_MS = 1000;

/** How several gateways count together, for `bus.url`. */
export async function sharedGate(deps: SharedGateDeps): Promise<NonNullable<GatewayOptions['gate']>> {
  const { bus, url, store, waiting, onReached, log } = deps;
  // Only who shares money and limits loads its client.
  const { openRedis } = await import('../platform/redis/index.ts');
  const redis = await openRedis({ url, timeoutMs: bus.timeout_ms, log });
  const now = (): number => Date.now();
  return (policy) =>
    createSharedGate({
      redis,
      prefix: bus.prefix,
      policy,
      whenAway: bus.when_away,
      solo: createSoloGate(policy, now(), onReached),
      async readSpent(at, timeZone) {
        const deadline = now() + FLUSH_MS;
        while (waiting() > 0 && now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
        return readSpent(store, at, timeZone);
      },
      onReached,
      newId,
      now,
      log,
    });
}
