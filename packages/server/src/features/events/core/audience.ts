import { allows, mainTenant, type Identity, type VigilesEvent } from '@vigiles/contract';

/** Whose agent session an event is about; null when it is about none. */
function tenantOf({ type, data }: VigilesEvent): string | null {
  if (!type.startsWith('session.') && !type.startsWith('decision.')) return null;
  const { tenant, decision } = data as { tenant?: string; decision?: { tenant?: string } };
  // An event that should name its tenant and does not is nobody's but the administrators'.
  return tenant ?? decision?.tenant ?? '';
}

/** Whether an identity may see an event: those of other tenants' sessions are for the house's administrators only. */
export function mayHear(identity: Identity, event: VigilesEvent): boolean {
  const tenant = tenantOf(event);
  if (tenant === null) return true;
  const own = identity.tenant ?? mainTenant;
  return tenant === own || (own === mainTenant && allows(identity, 'admin'));
}
