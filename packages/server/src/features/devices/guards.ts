import { failed, ok } from '../../kernel/fault.ts';
import type { Guards } from '../../platform/http/index.ts';
import { invalidSession, tooManyGuesses } from './faults.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Devices } from './devices.ts';

/**
 * What the HTTP server asks before it does anything. A known token is always let in; an address that keeps
 * showing wrong ones is shut out before the store is asked.
 */
export function createGuards(devices: Devices, limiter: RateLimiter): Guards {
  return {
    async authenticate(credential, remoteAddress) {
      if (credential.kind === 'token') {
        const known = devices.peek(credential.value);
        if (known) return ok(known);
      }
      const shutOutMs = limiter.shutOutMs(remoteAddress);
      if (credential.kind === 'token') {
        if (shutOutMs > 0) return failed(tooManyGuesses(shutOutMs));
        const found = await devices.authenticate(credential.value);
        if (!found.ok) limiter.failed(remoteAddress);
        return found;
      }
      // A session is 256 random bits and is looked up in memory first: a browser is not punished for its neighbour.
      const identity = await devices.browser.find(credential.value);
      if (identity) return ok(identity);
      limiter.failed(remoteAddress);
      return failed(shutOutMs > 0 ? tooManyGuesses(shutOutMs) : invalidSession());
    },
    limit: (identity, remoteAddress, tier) => limiter.take(identity, remoteAddress, tier),
  };
}
