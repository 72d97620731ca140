import { mainTenant, Scope } from '@vigiles/contract';
import { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import type { RouteCall } from '../../kernel/route.ts';

export const DeviceName = z.string().trim().min(1).max(80);
export const Scopes = z.array(Scope).min(1).max(Scope.options.length);
export const Tenant = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and -');

export const actorOf = (call: RouteCall<unknown, unknown, unknown>): string =>
  `device:${call.identity.deviceId}`;

/** Nobody can hand out more than they have. */
export function refuseEscalation(call: RouteCall<unknown, unknown, unknown>, scopes: readonly Scope[]): void {
  const { scopes: own } = call.identity;
  const lacking = own.includes('admin') ? [] : scopes.filter((scope) => !own.includes(scope));
  if (lacking.length === 0) return;
  raise(
    fault('forbidden', 'scope_escalation', `You cannot grant what you do not have: ${lacking.join(', ')}.`, {
      details: { lacking },
    }),
  );
}

/** Only the house's administrators let others in. */
export function refuseOtherTenant({ identity }: RouteCall<unknown, unknown, unknown>, tenant: string): void {
  const own = identity.tenant ?? mainTenant;
  if (tenant === own || (own === mainTenant && identity.scopes.includes('admin'))) return;
  raise(
    fault('forbidden', 'tenant_foreign', `Only an administrator can pair devices of the tenant "${tenant}".`),
  );
}
