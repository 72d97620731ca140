import { z } from 'zod';
import { ActionRun, Incident, IncidentExport, IncidentReplay } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { redactData } from '../../actions/index.ts';
import type { ResponderDeps } from '../respond/context.ts';
import { replay } from '../respond/replay.ts';
import type { FaultResponder } from '../respond/responder.ts';
import { exportIncident } from './export.ts';
import type { IncidentStore } from './store.ts';
import type { StoredIncident } from './stored-incident.ts';

export interface IncidentRoutesDeps {
  incidentStore: IncidentStore;
  responder: FaultResponder;
  deciding: ResponderDeps;
  version: string;
}

const Id = z.object({ id: z.string().max(100) });
const target = z.string().min(1).max(300).optional();

const Cursor = z.string().regex(/^\d{1,16}_[A-Za-z0-9_-]{1,100}$/, 'not a cursor of this list');

function readCursor(cursor: string): { openedAt: number; id: string } {
  const at = cursor.indexOf('_');
  return { openedAt: Number(cursor.slice(0, at)), id: cursor.slice(at + 1) };
}

export function incidentRoutes({ incidentStore, responder, deciding, version }: IncidentRoutesDeps): Route[] {
  const { incidents, actions, knowledge, clock } = deciding;
  const find = async (id: string): Promise<StoredIncident> =>
    incidents.find(id) ??
    (await incidentStore.byId(id)) ??
    raise(fault('not-found', 'unknown_incident', `There is no incident “${id}”.`));
  /** Only the one in memory goes on; a closed one is a story that was told. */
  const findOpen = async (id: string): Promise<StoredIncident> => {
    const value = await find(id);
    if (value.incident.state === 'closed')
      return raise(fault('conflict', 'incident_closed', 'This incident is closed.'));
    if (incidents.of(value.key) === value) return value;
    const message = 'Another Vigiles on the same database goes on with this incident: say it there.';
    return raise(fault('conflict', 'incident_elsewhere', message));
  };
  const base = { tag: 'incidents', params: Id, faults: ['unknown_incident'] };
  const read = { ...base, scope: 'read', audit: 'none' } as const;
  const operate = { ...base, method: 'POST', scope: 'operate', tier: 'light' } as const;

  return [
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
        state: z.enum(['open', 'acting', 'verifying', 'needs_person', 'closed']).optional().meta({
          description: '`open`: everything that is not closed.',
        }),
        target,
        service: target.meta({ description: 'As `target`.' }),
        fault: z.string().max(64).optional(),
        severity: z.enum(['critical', 'warning', 'info']).optional(),
        search: z.string().min(1).max(200).optional(),
        before: z.coerce.number().optional().meta({ description: 'Opened before this time, UTC ms.' }),
        cursor: Cursor.optional().meta({ description: '`next` of the page before.' }),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      success: z.object({ incidents: z.array(Incident), next: z.string().nullable() }),
      faults: [],
      async handle({ query: { service, cursor, ...query } }) {
        await incidents.settled();
        const after = cursor === undefined ? undefined : readCursor(cursor);
        const found = await incidentStore.list({ ...query, target: query.target ?? service, after });
        const last = found.length === query.limit ? found.at(-1) : undefined;
        return { incidents: found, next: last ? `${last.opened_at}_${last.id}` : null };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/incidents/facets',
      operationId: 'listIncidentFacets',
      summary: 'Faults and targets that incidents can be filtered by',
      tag: 'incidents',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({ faults: z.array(z.string()), targets: z.array(z.string()) }),
      faults: [],
      handle: () => incidentStore.facets(),
    }),
    defineRoute({
      ...read,
      method: 'GET',
      path: '/api/v1/incidents/:id',
      operationId: 'getIncident',
      summary: 'One incident with its whole story',
      tier: 'light',
      success: Incident,
      handle: async ({ params }) => (await find(params.id)).incident,
    }),
    defineRoute({
      ...read,
      method: 'GET',
      path: '/api/v1/incidents/:id/replay',
      operationId: 'replayIncident',
      summary: 'What would be decided for it today, and why; nothing is done',
      tier: 'standard',
      success: IncidentReplay,
      handle: async ({ params }) => redactData(await replay(deciding, await find(params.id))),
    }),
    defineRoute({
      ...read,
      method: 'GET',
      path: '/api/v1/incidents/:id/export',
      operationId: 'exportIncident',
      summary: 'A report of it as JSON and Markdown, without secrets',
      tier: 'standard',
      success: IncidentExport,
      async handle({ params }) {
        const { incident } = await find(params.id);
        const runs = await actions.runs({ incidentId: incident.id, limit: 200 });
        const known = incident.fingerprint === null ? null : knowledge.view(incident.fingerprint);
        return exportIncident(incident, runs, known, { now: clock.now(), version });
      },
    }),
    defineRoute({
      ...operate,
      path: '/api/v1/incidents/:id/acknowledge',
      operationId: 'acknowledgeIncident',
      summary: 'Say that a person has seen it',
      audit: 'incident.acknowledged',
      success: Incident,
      handle: async ({ params, identity }) =>
        incidents.acknowledge(await find(params.id), `device:${identity.deviceId}`),
    }),
    defineRoute({
      ...operate,
      path: '/api/v1/incidents/:id/notes',
      operationId: 'noteOnIncident',
      summary: 'Add words of your own to its story',
      audit: 'incident.noted',
      body: z.strictObject({ text: z.string().trim().min(1).max(4000) }),
      success: Incident,
      handle: async ({ params, body, identity }) =>
        incidents.note(await find(params.id), body.text, `device:${identity.deviceId}`),
    }),
    defineRoute({
      ...operate,
      path: '/api/v1/incidents/:id/cancel',
      operationId: 'cancelIncident',
      summary: 'Cancel what is under way for it; from then on a person decides',
      audit: 'incident.cancelled',
      success: Incident,
      faults: ['unknown_incident', 'incident_closed', 'incident_elsewhere'],
      handle: async ({ params, identity }) =>
        responder.cancel(await findOpen(params.id), `device:${identity.deviceId}`),
    }),
    defineRoute({
      ...operate,
      path: '/api/v1/incidents/:id/approve',
      operationId: 'approveIncident',
      summary: 'Let what waits for a person happen: a run, or what the AI advised',
      audit: 'incident.approved',
      success: ActionRun,
      faults: [
        'unknown_incident',
        'incident_closed',
        'incident_elsewhere',
        'nothing_to_approve',
        'action_refused',
      ],
      async handle({ params, identity }) {
        const done = await responder.approve(await findOpen(params.id), `device:${identity.deviceId}`);
        return done.ok ? done.value : raise(done.fault);
      },
    }),
  ];
}
