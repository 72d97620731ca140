import type { Clock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/fault.ts';
import { addressKey } from './core/address.ts';
import { createLru } from './core/lru.ts';
import { guess, type ThrottleRule, type ThrottleState } from './core/throttle.ts';
import { tooManyGuesses } from './faults.ts';

const perAddress: ThrottleRule = { max: 10, spanMs: 5 * 60_000 };
const overall: ThrottleRule = { max: 100, spanMs: 5 * 60_000 };

/**
 * Counts guesses at short codes, per address and all together, and refuses when there are too many. A device that is known is
 * counted by its id in place of the address.
 */
export function createGuessing(clock: Clock) {
  const addresses = createLru<ThrottleState>(10_000);
  let everybody: ThrottleState | undefined;
  return {
    /** Counts one guess; raises `too_many_guesses`. */
    count(remoteAddress: string): void {
      const nowMs = clock.monotonic();
      const key = addressKey(remoteAddress);
      const own = guess(addresses.get(key), perAddress, nowMs);
      addresses.set(key, own.state);
      // An address that is shut out does not use up what is left for the others.
      if (own.waitMs > 0) raise(tooManyGuesses(own.waitMs));
      const all = guess(everybody, overall, nowMs);
      everybody = all.state;
      if (all.waitMs > 0) raise(tooManyGuesses(all.waitMs));
    },
  };
}

export type Guessing = ReturnType<typeof createGuessing>;
