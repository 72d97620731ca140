import { z } from 'zod';

/**
 * What a token may do. `read`: see everything but secrets. `operate`: run actions, answer, acknowledge.
 * `gateway`: send model traffic. `config`: change the configuration. `devices`: pair, rotate and revoke.
 * `admin`: all of them. For devices that have to do with agent sessions only: `sessions:read` sees those of its tenant,
 * `sessions:command` steers them too, `sessions:produce` makes its own and writes to them, and sees no others. `oauth`: ask
 * through connected accounts, as far as the configuration allows.
 */
export const Scope = z.enum([
  'read',
  'operate',
  'gateway',
  'config',
  'devices',
  'sessions:read',
  'sessions:command',
  'sessions:produce',
  'oauth',
  'admin',
]);
export type Scope = z.infer<typeof Scope>;

/** Rate-limit tier of a route: how dear one call is. */
export const RateTier = z.enum(['attached', 'light', 'standard', 'heavy', 'expensive']);
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
  /** Whose agent sessions it sees; absent: `mainTenant`. */
  tenant?: string;
  /** Set where a short token speaks for the device (RFC 8693). */
  short?: {
    id: string;
    /** `vigiles`, or `oauth:<provider>`. */
    audience: string;
    /** UTC milliseconds. */
    expiresAt: number;
    /** The device that uses it, where that is another one. */
    actorId: string | null;
  };
}

/** The house's own tenant. Its administrators see the sessions of every tenant. */
export const mainTenant = 'main';

/** What a wider scope brings with it. */
const includedIn: Partial<Record<Scope, readonly Scope[]>> = {
  'sessions:read': ['read', 'operate', 'sessions:command', 'sessions:produce'],
  'sessions:command': ['operate'],
  'sessions:produce': ['operate'],
};

/** Whether an identity may use a route of this scope. */
export function allows(identity: Identity, scope: Scope | 'public'): boolean {
  const { scopes } = identity;
  if (scope === 'public' || scopes.includes('admin') || scopes.includes(scope)) return true;
  return includedIn[scope]?.some((wider) => scopes.includes(wider)) ?? false;
}
