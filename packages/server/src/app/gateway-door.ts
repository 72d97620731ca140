import type { Identity } from '@vigiles/contract';
import type { Devices } from '../features/devices/index.ts';
import type { EventLog } from '../platform/event-log/index.ts';

/** A token that was found good is not hashed again for this long; a revoked one is forgotten at once. */
const REMEMBER_MS = 1000;
const MAX_REMEMBERED = 1000;

/** Who a token stands for, at the price of a map look-up for tokens in steady use. */
export function gatewayDoor(devices: Devices, events: EventLog) {
  const remembered = new Map<string, { identity: Identity; until: number }>();
  events.subscribe(() => remembered.clear());

  function remember(token: string, identity: Identity | null): Identity | null {
    if (!identity) return null;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(token, { identity, until: performance.now() + REMEMBER_MS });
    return identity;
  }

  return {
    peek(token: string): Identity | null {
      const known = remembered.get(token);
      if (known && performance.now() < known.until) return known.identity;
      return remember(token, devices.peek(token));
    },
    async authenticate(token: string): Promise<Identity | null> {
      const found = await devices.authenticate(token);
      return found.ok ? found.value : null;
    },
  };
}
