import type { Identity, IssuedToken } from '@vigiles/contract';
import { failed, ok, type Result } from '../../kernel/fault.ts';
import { createBrowserSessions } from './browser.ts';
import { createDeviceCache } from './cache.ts';
import type { DevicesDeps } from './deps.ts';
import { invalidToken } from './faults.ts';
import { createLastSeen } from './last-seen.ts';
import { createPairings } from './pairings.ts';
import { createRegistry, type NewDevice } from './registry.ts';

export type Devices = ReturnType<typeof createDevices>;

/** Who may talk to us: devices with tokens, pairings that wait for their code, signed-in browsers. */
export function createDevices(deps: DevicesDeps) {
  const cache = createDeviceCache(deps);
  const registry = createRegistry(deps, cache);
  const lastSeen = createLastSeen(deps);

  const seen = (identity: Identity): Identity => {
    lastSeen.touch(identity.deviceId);
    return identity;
  };
  const browser = createBrowserSessions(deps, cache);

  return {
    name: 'devices',
    /** Loads the active devices and follows the event log. */
    start: () => cache.start(),
    async stop(): Promise<void> {
      cache.stop();
      await lastSeen.settle();
    },
    /** Who a token stands for; `token_invalid` otherwise. */
    async authenticate(token: string): Promise<Result<Identity>> {
      const identity = await cache.find(token);
      return identity ? ok(seen(identity)) : failed(invalidToken());
    },
    /** The same from memory only, without waiting: null may also mean "not known yet". */
    peek(token: string): Identity | null {
      const identity = cache.peek(token);
      return identity && seen(identity);
    },
    /** Makes a device on this machine, without pairing: for the command line and the first start. */
    createDevice: (device: NewDevice, actor = 'local'): Promise<IssuedToken> =>
      registry.create(device, actor),
    rotate: registry.rotate,
    revoke: registry.revoke,
    list: registry.list,
    pairings: createPairings(deps, cache),
    browser: {
      ...browser,
      async find(cookie: string): Promise<Identity | null> {
        const identity = await browser.find(cookie);
        return identity && seen(identity);
      },
    },
  };
}
