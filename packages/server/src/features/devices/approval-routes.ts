import { z } from 'zod';
import { DeviceAuthorization, mainTenant, ShortToken } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Devices } from './devices.ts';
import type { Guessing } from './guessing.ts';
import { refuseForeignReach } from './registry.ts';
import { actorOf, DeviceName, refuseEscalation, refuseOtherTenant, Scopes, Tenant } from './route-parts.ts';

const UserCode = z.string().min(1).max(40);
const common = { tag: 'devices', scope: 'devices', tier: 'standard' } as const;

/** For whoever lets programs in: look a code up, approve it with less than one has, or deny it. */
export function approvalRoutes({ devices, guessing }: { devices: Devices; guessing: Guessing }): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/devices/authorizations',
      operationId: 'listDeviceAuthorizations',
      summary: 'Programs that wait for their code to be typed in; the codes themselves are not kept',
      audit: 'none',
      success: z.object({ authorizations: z.array(DeviceAuthorization), count: z.number() }),
      faults: [],
      handle: async () => {
        const authorizations = await devices.flow.waiting();
        return { authorizations, count: authorizations.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/devices/authorizations/lookup',
      operationId: 'lookUpDeviceAuthorization',
      summary: 'Which program shows this code',
      audit: 'none',
      body: z.strictObject({ user_code: UserCode }),
      success: z.object({ authorization: DeviceAuthorization }),
      faults: ['user_code_invalid', 'too_many_guesses'],
      handle: async ({ body, identity }) => {
        guessing.count(identity.deviceId);
        return { authorization: await devices.flow.lookUp(body.user_code) };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/devices/authorizations/approve',
      operationId: 'approveDeviceAuthorization',
      summary: 'Let the program in that shows this code, with these scopes and no others',
      audit: 'device-authorization.approve',
      body: z.strictObject({
        user_code: UserCode,
        scopes: Scopes,
        name: DeviceName.optional(),
        tenant: Tenant.optional(),
      }),
      success: z.object({ authorization: DeviceAuthorization }),
      faults: ['user_code_invalid', 'too_many_guesses', 'scope_escalation', 'tenant_scope', 'tenant_foreign'],
      handle: async (call) => {
        const { user_code, scopes, name } = call.body;
        guessing.count(call.identity.deviceId);
        const tenant = call.body.tenant ?? call.identity.tenant ?? mainTenant;
        refuseEscalation(call, scopes);
        refuseOtherTenant(call, tenant);
        refuseForeignReach({ name: '', scopes, tenant });
        const authorization = await devices.flow.approve(user_code, { scopes, name, tenant }, actorOf(call));
        call.about(authorization.request_id);
        return { authorization };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/devices/authorizations/deny',
      operationId: 'denyDeviceAuthorization',
      summary: 'Turn the program away that shows this code',
      audit: 'device-authorization.deny',
      body: z.strictObject({ user_code: UserCode }),
      success: z.object({ authorization: DeviceAuthorization }),
      faults: ['user_code_invalid', 'too_many_guesses'],
      handle: async (call) => {
        guessing.count(call.identity.deviceId);
        const authorization = await devices.flow.deny(call.body.user_code, actorOf(call));
        call.about(authorization.request_id);
        return { authorization };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/devices/short-tokens',
      operationId: 'listShortTokens',
      summary: 'Short tokens in force: for which device they speak, where and until when',
      audit: 'none',
      success: z.object({ tokens: z.array(ShortToken), count: z.number() }),
      faults: [],
      handle: async () => {
        const tokens = await devices.short.list();
        return { tokens, count: tokens.length };
      },
    }),
  ];
}
