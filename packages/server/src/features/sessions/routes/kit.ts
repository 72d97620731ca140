import { z } from 'zod';
import type { Identity } from '@vigiles/contract';
import { seesAllTenants, seesWholeTenant, tenantOf } from '../access.ts';
import type { Sessions, Maker } from '../index.ts';
import type { Skills } from '../skills/skills.ts';

export interface SessionRoutesDeps {
  sessions: Sessions;
  skills: Skills;
  now(): number;
}

export const common = { tag: 'sessions', tier: 'standard' } as const;

export const SessionParams = z.object({ session_id: z.string().min(1).max(128) });
export const DecisionParams = SessionParams.extend({ decision_id: z.string().min(1).max(128) });
export const CommandParams = SessionParams.extend({ command_id: z.string().min(1).max(128) });

/** Seconds a long poll may wait: shorter than what proxies and this server allow a request. */
export const Wait = z.coerce
  .number()
  .min(0)
  .max(25)
  .default(0)
  .meta({ description: 'Seconds to wait for something to happen, at most 25' });

export const actorOf = (identity: Identity): string => `device:${identity.deviceId}`;

export const makerOf = (identity: Identity): Maker => ({
  actor: actorOf(identity),
  deviceId: identity.deviceId,
  tenant: tenantOf(identity),
});

/** Whose sessions a list shows to whom. */
export const reachOf = (identity: Identity): { tenant: string | null; owner?: string } => ({
  tenant: seesAllTenants(identity) ? null : tenantOf(identity),
  ...(seesWholeTenant(identity) ? {} : { owner: identity.deviceId }),
});
