import { allows, mainTenant, type Identity } from '@vigiles/contract';
import type { Owned } from './core/owned.ts';

export const tenantOf = (identity: Identity): string => identity.tenant ?? mainTenant;

/** The administrators of the house see every tenant's sessions. */
export const seesAllTenants = (identity: Identity): boolean =>
  identity.scopes.includes('admin') && tenantOf(identity) === mainTenant;

/** Whether it sees those of its tenant, or only what it made itself. */
export const seesWholeTenant = (identity: Identity): boolean =>
  (['admin', 'read', 'operate', 'sessions:read', 'sessions:command'] as const).some((scope) =>
    identity.scopes.includes(scope),
  );

/** Whether somebody may see a session. What is not visible does not exist for them: 404, not 403. */
export function visible(identity: Identity, session: Owned): boolean {
  if (identity.kind === 'anonymous' || !allows(identity, 'sessions:read')) return false;
  if (seesAllTenants(identity)) return true;
  if (session.tenant !== tenantOf(identity)) return false;
  return seesWholeTenant(identity) || session.owner_device_id === identity.deviceId;
}
