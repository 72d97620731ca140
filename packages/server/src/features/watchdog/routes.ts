import { z } from 'zod';
import { ActionRun, Service } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { tailLines } from '../../platform/process/index.ts';
import { redactText } from '../actions/index.ts';
import { seedService } from './seed-api/seed-service.ts';
import { serviceLogFile } from './service-log-stream.ts';
import { viewOf, type ViewDeps } from './view.ts';
import type { WatchedService } from './watched-service.ts';

export interface WatchdogRoutesDeps extends ViewDeps {
  services: ReadonlyMap<string, WatchedService>;
}

const manyServices = 200;

const Name = z.object({ name: z.string().max(64) });

export function watchdogRoutes(deps: WatchdogRoutesDeps): Route[] {
  const { services, actions } = deps;
  const find = (name: string): WatchedService =>
    services.get(name) ?? raise(fault('not-found', 'unknown_service', `There is no service “${name}”.`));

  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/services',
      operationId: 'listServices',
      summary: 'Every watched service with its state and last looks',
      tag: 'services',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        beats: z.coerce.number().int().min(0).max(90).optional().meta({
          description:
            'Looks of each service that go along; absent: 90, and fewer where there are many services.',
        }),
        after: z.string().max(64).optional().meta({ description: 'Only names after this one: for paging.' }),
        limit: z.coerce.number().int().min(1).max(5000).default(5000),
      }),
      success: z.object({ services: z.array(Service) }),
      faults: [],
      handle: async ({ query }) => {
        const after = query.after;
        const page = [...services.values()]
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .filter(({ name }) => after === undefined || name > after)
          .slice(0, query.limit);
        // A thousand services with 90 looks each are 6 MB; those that come live fill the bars.
        const bar = query.beats ?? (page.length > manyServices ? 20 : 90);
        return { services: page.map((service) => viewOf(service, deps, bar)) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/services/:name',
      operationId: 'getService',
      summary: 'One service',
      tag: 'services',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      params: Name,
      success: Service,
      faults: ['unknown_service'],
      handle: async ({ params }) => viewOf(find(params.name), deps),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/services/:name/logs',
      operationId: 'getServiceLogs',
      summary: 'The end of a supervised service’s output',
      tag: 'services',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      params: Name,
      query: z.object({ lines: z.coerce.number().int().min(1).max(2000).default(200) }),
      success: z.object({ lines: z.array(z.string()) }),
      faults: ['unknown_service', 'no_log'],
      handle: async ({ params, query }) => {
        return { lines: tailLines(serviceLogFile(services, params.name), query.lines).map(redactText) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/services/:name/:action',
      operationId: 'controlService',
      summary: 'Start, stop or restart a service',
      tag: 'services',
      scope: 'operate',
      audit: 'service.control',
      tier: 'standard',
      params: Name.extend({ action: z.enum(['start', 'stop', 'restart']) }),
      success: ActionRun.extend({
        service: z.string(),
        /** Accepted, which is not done: `state` and `outcome` say how far it is. */
        success: z.boolean(),
      }),
      successStatus: 202,
      faults: ['unknown_service', 'action_refused', 'action_busy'],
      handle: async ({ params: { name, action }, identity }) => {
        const seed = seedService(name, action, (one) => services.has(one));
        if (!seed) find(name);
        const own = {
          action: `${action}_service`,
          target: name,
          params: action === 'restart' ? { force: true } : {},
        };
        const asked = await actions.request({
          ...(seed ?? own),
          actor: `device:${identity.deviceId}`,
          reason: `${action} asked by ${identity.name}`,
        });
        if (!asked.ok) return raise(asked.fault);
        return Object.assign({}, asked.value.run, { service: name, success: true });
      },
    }),
  ];
}
