import { z } from 'zod';
import { Maintenance, MaintenanceRequest } from '@vigiles/contract';
import { raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { MaintenanceKeeper } from './maintenance.ts';

/** Planned and open maintenance, and the button for it. */
export function maintenanceRoutes(maintenance: MaintenanceKeeper): Route[] {
  const common = { tag: 'services', tier: 'light' } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/maintenance',
      operationId: 'listMaintenance',
      summary: 'Maintenance that is open, and what the configuration plans next',
      scope: 'read',
      audit: 'none',
      success: z.object({ maintenance: z.array(Maintenance) }),
      faults: [],
      handle: async () => ({ maintenance: maintenance.list() }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/maintenance',
      operationId: 'beginMaintenance',
      summary: 'Put services into maintenance: looked at, but no alerts and no actions',
      scope: 'operate',
      audit: 'maintenance.begin',
      body: MaintenanceRequest,
      success: Maintenance,
      successStatus: 201,
      faults: ['unknown_service', 'window_over', 'too_many_windows'],
      handle: async ({ body, identity }) => {
        const begun = await maintenance.begin(body, `device:${identity.deviceId}`);
        return begun.ok ? begun.value : raise(begun.fault);
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/maintenance/:id',
      operationId: 'endMaintenance',
      summary: 'End maintenance that a person has set',
      scope: 'operate',
      audit: 'maintenance.end',
      params: z.object({ id: z.string().max(100) }),
      success: Maintenance,
      faults: ['unknown_maintenance'],
      handle: async ({ params, identity }) => {
        const ended = await maintenance.end(params.id, `device:${identity.deviceId}`);
        return ended.ok ? ended.value : raise(ended.fault);
      },
    }),
  ];
}
