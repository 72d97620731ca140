import type { Identity, IssuedToken } from '@vigiles/contract';
import { failed, ok, type Result } from '../../kernel/fault.ts';
import { createBrowserSessions } from './browser.ts';
import { createDeviceCache } from './cache.ts';
import type { DevicesDeps } from './deps.ts';
import { invalidToken } from './faults.ts';
import { createLastSeen } from './last-seen.ts';
import { createDeviceFlow } from './device-flow.ts';
import { createPairings } from './pairings.ts';
import { createRegistry, type NewDevice } from './registry.ts';
import { createShortTokens } from './short-tokens.ts';

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
  const short = createShortTokens(deps, cache);

  return {
    name: 'devices',
    /** Loads the active devices and follows the event log. */
    start(): Promise<void> {
      short.start();
      return cache.start();
    },
    async stop(): Promise<void> {
      short.stop();
      cache.stop();
      await lastSeen.settle();
    },
    /** Who a token stands for; `token_invalid` otherwise. */
    async authenticate(token: string): Promise<Result<Identity>> {
      const identity = (await cache.find(token)) ?? (await short.find(token));
      return identity ? ok(seen(identity)) : failed(invalidToken());
    },
    /** The same from memory only, without waiting: null may also mean "not known yet". */
    peek(token: string): Identity | null {
      const identity = cache.peek(token) ?? short.peek(token);
      return identity && seen(identity);
    },
    /** Makes a device on this machine, without pairing: for the command line and the first start. */
    createDevice: (device: NewDevice, actor = 'local'): Promise<IssuedToken> =>
      registry.create(device, actor),
    rotate: registry.rotate,
    revoke: registry.revoke,
    list: registry.list,
    pairings: createPairings(deps, cache),
    /** RFC 8628. */
    flow: createDeviceFlow(deps, cache),
    /** RFC 8693. */
    short,
    /** Ends a token as its own holder, RFC 7009. Whether it was one. */
    async giveBack(token: string): Promise<boolean> {
      const device = await cache.find(token);
      if (!device) return short.end(token);
      await registry.revoke(device.deviceId, `device:${device.deviceId}`);
      return true;
    },
    browser: {
      ...browser,
      async find(cookie: string): Promise<Identity | null> {
        const identity = await browser.find(cookie);
        return identity && seen(identity);
      },
    },
  };
}
