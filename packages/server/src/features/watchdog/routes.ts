import { z } from 'zod';
import { ActionRun, Incident, Service } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { tailLines } from '../../platform/process/index.ts';
import { redactText } from '../actions/index.ts';
import type { IncidentStore } from './incidents/store.ts';
import { viewOf, type ViewDeps } from './view.ts';
import type { WatchedService } from './watched-service.ts';

export interface WatchdogRoutesDeps extends ViewDeps {
  incidentStore: IncidentStore;
  services: ReadonlyMap<string, WatchedService>;
}

const manyServices = 200;

const Name = z.object({ name: z.string().max(64) });
const Id = z.object({ id: z.string().max(100) });

export function watchdogRoutes(deps: WatchdogRoutesDeps): Route[] {
  const { services, incidents, incidentStore, actions } = deps;
  const find = (name: string): WatchedService =>
    services.get(name) ?? raise(fault('not-found', 'unknown_service', `There is no service “${name}”.`));
  const noIncident = (id: string): never =>
    raise(fault('not-found', 'unknown_incident', `There is no incident “${id}”.`));

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
        const { supervisor } = find(params.name);
        if (!supervisor) {
          raise(fault('not-found', 'no_log', 'Vigiles did not start this service and has no log of it.'));
        }
        return { lines: tailLines(supervisor.logFile, query.lines).map(redactText) };
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
      success: ActionRun,
      successStatus: 202,
      faults: ['unknown_service', 'action_refused', 'action_busy'],
      handle: async ({ params, identity }) => {
        find(params.name);
        const asked = await actions.request({
          action: `${params.action}_service`,
          target: params.name,
          params: params.action === 'restart' ? { force: true } : {},
          actor: `device:${identity.deviceId}`,
          reason: `${params.action} asked by ${identity.name}`,
        });
        return asked.ok ? asked.value.run : raise(asked.fault);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/incidents',
      operationId: 'listIncidents',
      summary: 'Incidents, newest first',
      tag: 'incidents',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        state: z.enum(['open', 'acting', 'verifying', 'needs_person', 'closed']).optional(),
        service: z.string().max(300).optional(),
        before: z.coerce.number().optional().meta({ description: 'Opened before this time, UTC ms.' }),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      success: z.object({ incidents: z.array(Incident) }),
      faults: [],
      handle: async ({ query }) => {
        await incidents.settled();
        const { service, ...rest } = query;
        return { incidents: await incidentStore.list({ ...rest, target: service }) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/incidents/:id',
      operationId: 'getIncident',
      summary: 'One incident with its whole story',
      tag: 'incidents',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      params: Id,
      success: Incident,
      faults: ['unknown_incident'],
      handle: async ({ params }) =>
        incidents.find(params.id)?.incident ??
        (await incidentStore.byId(params.id))?.incident ??
        noIncident(params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/incidents/:id/acknowledge',
      operationId: 'acknowledgeIncident',
      summary: 'Say that a person has seen it',
      tag: 'incidents',
      scope: 'operate',
      audit: 'incident.acknowledged',
      tier: 'light',
      params: Id,
      success: Incident,
      faults: ['unknown_incident'],
      handle: async ({ params, identity }) => {
        const value = incidents.find(params.id) ?? (await incidentStore.byId(params.id));
        return value ? incidents.acknowledge(value, `device:${identity.deviceId}`) : noIncident(params.id);
      },
    }),
  ];
}
