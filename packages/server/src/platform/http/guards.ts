import type { Identity, RateTier, Scope } from '@vigiles/contract';
import { allows } from '@vigiles/contract';
import { fault, type Fault, type Result } from '../../kernel/fault.ts';

/** What a request shows to prove who it is. */
export type Credential = { kind: 'token' | 'cookie'; value: string };

/** What the rate limit says about one call. */
export interface RateVerdict {
  allowed: boolean;
  tier: RateTier;
  /** Calls in the tightest window, and how many of them are left. */
  limit: number;
  remaining: number;
  /** Milliseconds until that window starts anew. */
  resetMs: number;
  /** Milliseconds to wait when not allowed; 0 otherwise. */
  retryAfterMs: number;
}

/** Who may come in, and how often. The devices feature provides it. */
export interface Guards {
  authenticate(credential: Credential, remoteAddress: string): Promise<Result<Identity>>;
  /** Takes one call from the allowance of the device; of the address while nobody is known. */
  limit(identity: Identity | null, remoteAddress: string, tier: RateTier): RateVerdict;
}

export const anonymous: Identity = { kind: 'anonymous', deviceId: '', name: 'anonymous', scopes: [] };

export const missingToken = (): Fault =>
  fault('unauthorized', 'token_required', 'Send a device token: Authorization: Bearer vgl_…');

export const limited = (verdict: RateVerdict): Fault =>
  fault('rate-limited', 'rate_limited', `Too many requests of the tier "${verdict.tier}".`, {
    retryAfterMs: verdict.retryAfterMs,
    details: {
      tier: verdict.tier,
      retry_after_seconds: Math.ceil(verdict.retryAfterMs / 1000),
      // The header knows whole seconds only; what was early by a moment need not wait for one.
      retry_after_ms: Math.ceil(verdict.retryAfterMs),
    },
  });

/** Null when the identity may do it. */
export function scopeFault(identity: Identity, scope: Scope | 'public'): Fault | null {
  if (allows(identity, scope)) return null;
  return fault('forbidden', 'scope_missing', `This needs the scope "${scope}".`, {
    details: { needed: scope, granted: [...identity.scopes] },
  });
}
