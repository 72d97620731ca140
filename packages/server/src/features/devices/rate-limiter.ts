import type { Identity, RateTier, TierLimits, VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { addressKey } from './core/address.ts';
import { peekLimit, takeLimit, type LimitState, type LimitVerdict } from './core/limit.ts';
import { createLru } from './core/lru.ts';

export const tiers: readonly RateTier[] = ['attached', 'light', 'standard', 'heavy', 'expensive'];

/** The configured figures in the units the decision works with. */
export function tierLimits(limits: VigilesConfig['limits'], tier: RateTier): TierLimits {
  const { per_minute, per_hour, per_day, cooldown_s } = limits[tier];
  return { perMinute: per_minute, perHour: per_hour, perDay: per_day, cooldownMs: cooldown_s * 1000 };
}

/** Failed sign-ins per address: a person mistypes a few times, a scanner does not stop. */
const failures: TierLimits = { perMinute: 30, perHour: 300, perDay: 2000, cooldownMs: 0 };

/** Allowances by authenticated device; by TCP address only where nobody is known. In memory, bounded. */
export function createRateLimiter(clock: Clock, limits: () => VigilesConfig['limits']) {
  const states = createLru<LimitState>(10_000);
  const keyOf = (who: string, tier: RateTier): string => `${tier} ${who}`;
  const whoOf = (identity: Identity | null, remoteAddress: string): string =>
    identity ? `device ${identity.deviceId}` : `address ${addressKey(remoteAddress)}`;

  const take = (key: string, figures: TierLimits, tier: RateTier): LimitVerdict => {
    const { state, verdict } = takeLimit(states.get(key), figures, tier, clock.monotonic());
    states.set(key, state);
    return verdict;
  };

  return {
    take: (identity: Identity | null, remoteAddress: string, tier: RateTier): LimitVerdict =>
      take(keyOf(whoOf(identity, remoteAddress), tier), tierLimits(limits(), tier), tier),
    /** What a device has left, per tier. */
    left(identity: Identity): Record<RateTier, LimitVerdict> {
      const nowMs = clock.monotonic();
      const entries = tiers.map((tier) => {
        const state = states.get(keyOf(whoOf(identity, ''), tier));
        return [tier, peekLimit(state, tierLimits(limits(), tier), tier, nowMs)] as const;
      });
      return Object.fromEntries(entries) as Record<RateTier, LimitVerdict>;
    },
    /** Milliseconds an address is shut out for failing too often; 0 when it is not. */
    shutOutMs(remoteAddress: string): number {
      const state = states.get(`failed ${addressKey(remoteAddress)}`);
      const nowMs = clock.monotonic();
      const verdict = peekLimit(state, failures, 'light', nowMs);
      return verdict.allowed ? 0 : verdict.resetMs;
    },
    /** Counts one failed authentication. */
    failed(remoteAddress: string): void {
      take(`failed ${addressKey(remoteAddress)}`, failures, 'light');
    },
    get size(): number {
      return states.size;
    },
  };
}

export type RateLimiter = ReturnType<typeof createRateLimiter>;
