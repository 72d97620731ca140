import { z } from 'zod';

/**
 * What a token may do. `read`: see everything but secrets. `operate`: run actions, answer, acknowledge.
 * `gateway`: send model traffic. `config`: change the configuration. `devices`: pair, rotate and revoke.
 * `admin`: all of them.
 */
export const Scope = z.enum(['read', 'operate', 'gateway', 'config', 'devices', 'admin']);
export type Scope = z.infer<typeof Scope>;

/** Rate-limit tier of a route: how dear one call is. */
export const RateTier = z.enum(['light', 'standard', 'heavy', 'expensive']);
export type RateTier = z.infer<typeof RateTier>;

/** Requests allowed per device in each window; `cooldownMs` is the least time between two calls. */
export interface TierLimits {
  perMinute: number;
  perHour: number;
  perDay: number;
  cooldownMs: number;
}

/** Who is asking. */
export interface Identity {
  kind: 'device' | 'browser' | 'anonymous';
  /** Device id; browsers signed in by link act as the device that was made for them. */
  deviceId: string;
  name: string;
  scopes: readonly Scope[];
}

/** Whether an identity may use a route of this scope. */
export function allows(identity: Identity, scope: Scope | 'public'): boolean {
  return scope === 'public' || identity.scopes.includes('admin') || identity.scopes.includes(scope);
}
