import { z } from 'zod';
import { Device, IssuedToken, mainTenant, Pairing, Scope, type VigilesConfig } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Devices } from './devices.ts';
import { refuseForeignReach } from './registry.ts';
import { actorOf, DeviceName, refuseEscalation, refuseOtherTenant, Scopes, Tenant } from './route-parts.ts';
import { tierLimits, tiers, type RateLimiter } from './rate-limiter.ts';

/** What a device used today, counted by the gateway's ledger. */
export interface DeviceUse {
  requests: number;
  cost_micros: number;
}

export interface DeviceRoutesDeps {
  devices: Devices;
  limiter: RateLimiter;
  limits(): VigilesConfig['limits'];
  /** Use since local midnight, by device id. */
  usageToday(): Promise<ReadonlyMap<string, DeviceUse>>;
}

const DeviceId = z.object({ id: z.string().regex(/^[0-9A-Za-z]{1,64}$/, 'letters and digits') });
const Done = z.object({ success: z.literal(true) });

const DeviceListing = Device.extend({
  kind: z.enum(['device', 'browser']),
  last_request: z.number().nullable(),
  requests: z.number(),
  cost_today: z.number(),
});

const common = { tag: 'devices', tier: 'standard' } as const;

/** Routes about devices themselves: list, rotate, revoke, who am I, rate limits. */
export function deviceRoutes({ devices, limiter, limits, usageToday }: DeviceRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/me',
      operationId: 'getMe',
      summary: 'Who the token stands for',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({
        device_id: z.string(),
        name: z.string(),
        kind: z.enum(['device', 'browser', 'anonymous']),
        scopes: z.array(Scope),
        tenant: z.string(),
      }),
      faults: [],
      handle: async ({ identity: { deviceId, name, kind, scopes, tenant = mainTenant } }) => ({
        device_id: deviceId,
        name,
        kind,
        scopes: [...scopes],
        tenant,
      }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/rate-limits',
      operationId: 'getRateLimits',
      summary: 'What the asking device has left, per tier',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({
        device_id: z.string(),
        tiers: z.record(
          z.string(),
          z.object({
            limit: z.number(),
            remaining: z.number(),
            reset_s: z.number(),
            per_minute: z.number(),
            per_hour: z.number(),
            per_day: z.number(),
            cooldown_s: z.number(),
          }),
        ),
      }),
      faults: [],
      handle: async ({ identity }) => {
        const left = limiter.left(identity);
        const entries = tiers.map((tier) => {
          const { perMinute, perHour, perDay, cooldownMs } = tierLimits(limits(), tier);
          const { limit, remaining, resetMs } = left[tier];
          return [
            tier,
            {
              limit,
              remaining,
              reset_s: Math.ceil(resetMs / 1000),
              per_minute: perMinute,
              per_hour: perHour,
              per_day: perDay,
              cooldown_s: cooldownMs / 1000,
            },
          ] as const;
        });
        return { device_id: identity.deviceId, tiers: Object.fromEntries(entries) };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/devices',
      operationId: 'listDevices',
      summary: 'Devices and signed-in browsers, with what they used today',
      scope: 'read',
      audit: 'none',
      query: z.object({ revoked: z.stringbool().default(false) }),
      success: z.object({ devices: z.array(DeviceListing), count: z.number() }),
      faults: [],
      handle: async ({ query }) => {
        const [rows, usage] = await Promise.all([devices.list(query), usageToday()]);
        const listed = rows.map(({ kind, device }) =>
          Object.assign({}, device, {
            kind,
            last_request: device.last_seen_at,
            requests: usage.get(device.id)?.requests ?? 0,
            cost_today: (usage.get(device.id)?.cost_micros ?? 0) / 1_000_000,
          }),
        );
        return { devices: listed, count: listed.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/devices/:id/rotate',
      operationId: 'rotateDevice',
      summary: 'Give a device a new token; the old one ends now or after an overlap',
      scope: 'devices',
      audit: 'device.rotate',
      params: DeviceId,
      body: z.strictObject({ overlap_s: z.int().min(0).max(86_400).default(0) }).default({ overlap_s: 0 }),
      success: IssuedToken,
      faults: ['device_not_found'],
      handle: async (call) => devices.rotate(call.params.id, call.body.overlap_s * 1000, actorOf(call)),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/devices/:id',
      operationId: 'revokeDevice',
      summary: 'End a device: its token, its sessions and its open sockets',
      scope: 'devices',
      audit: 'device.revoke',
      params: DeviceId,
      success: z.object({ device: Device }),
      faults: ['device_not_found'],
      handle: async (call) => ({ device: await devices.revoke(call.params.id, actorOf(call)) }),
    }),
  ];
}

/** Routes about pairings: make a code, see which are open, cancel one. */
export function pairingRoutes({ devices }: { devices: Devices }): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/devices/pairings',
      operationId: 'createPairing',
      summary: 'Make an eight-character code that one device can use within five minutes',
      scope: 'devices',
      audit: 'pairing.create',
      body: z.strictObject({
        name: DeviceName.default('New device'),
        scopes: Scopes.default(['read']),
        tenant: Tenant.default(mainTenant),
      }),
      success: Pairing,
      successStatus: 201,
      faults: ['scope_escalation', 'tenant_scope', 'tenant_foreign'],
      handle: async (call) => {
        refuseEscalation(call, call.body.scopes);
        refuseOtherTenant(call, call.body.tenant);
        refuseForeignReach(call.body);
        return devices.pairings.create(call.body);
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/devices/pairings',
      operationId: 'listPairings',
      summary: 'Pairings that wait for their code; the codes themselves are not kept',
      scope: 'devices',
      audit: 'none',
      success: z.object({ pairings: z.array(Pairing), count: z.number() }),
      faults: [],
      handle: async () => {
        const pairings = await devices.pairings.list();
        return { pairings, count: pairings.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/devices/pairings/:id',
      operationId: 'cancelPairing',
      summary: 'Cancel an open pairing',
      scope: 'devices',
      audit: 'pairing.cancel',
      params: z.object({ id: z.string().max(64) }),
      success: Done,
      faults: ['pairing_not_found'],
      handle: async ({ params }) => {
        await devices.pairings.cancel(params.id);
        return { success: true as const };
      },
    }),
  ];
}
