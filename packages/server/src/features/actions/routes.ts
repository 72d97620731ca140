import { z } from 'zod';
import { ActionInfo, ActionPlan, ActionRun, GuardState } from '@vigiles/contract';
import { fault, raise, type Result } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Audit } from './audit/audit.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import type { ActionService } from './service.ts';
import type { ActionStore } from './store.ts';

const value = <T>(result: Result<T>): T => (result.ok ? result.value : raise(result.fault));

const Asked = z.strictObject({
  action: z.string().min(1).max(100),
  target: z
    .string()
    .min(1)
    .max(1000)
    .meta({ description: 'A service, or `provider:<id>`, `file:<path>`, …' }),
  params: z.record(z.string(), z.unknown()).default({}),
});
const RunId = z.object({ id: z.string().max(100) });
const Page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
};

export interface ActionRoutesDeps {
  service: ActionService;
  store: ActionStore;
  audit: Audit;
  catalog(): readonly ActionInfo[];
}

export function actionRoutes(deps: ActionRoutesDeps): Route[] {
  const { service, store, audit, catalog } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/actions/catalog',
      operationId: 'listActions',
      summary: 'Every action with its risk, its parameters and what it can be aimed at',
      tag: 'actions',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({ actions: z.array(ActionInfo) }),
      faults: [],
      handle: async () => ({ actions: [...catalog()] }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/actions/guards',
      operationId: 'listGuards',
      summary: 'Cooldowns, attempts and open breakers; `*` is all targets together',
      tag: 'actions',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({ target: z.string().max(1000).optional() }),
      success: z.object({ guards: z.array(GuardState) }),
      faults: [],
      handle: async ({ query }) => ({ guards: service.guards(query.target) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/guards/reset',
      operationId: 'resetGuard',
      summary: 'Close a breaker: the watchdog may act on the target again at once',
      tag: 'actions',
      scope: 'operate',
      audit: 'guard.reset',
      tier: 'light',
      body: z.strictObject({ target: z.string().min(1).max(1000) }),
      success: GuardState,
      faults: [],
      async handle({ body, identity }) {
        await service.resetGuard(body.target, `device:${identity.deviceId}`);
        const [state] = service.guards(body.target);
        return state ?? raise(fault('not-found', 'unknown_target', 'There is no such target.'));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/plan',
      operationId: 'planAction',
      summary: 'What an action would do, without doing it',
      tag: 'actions',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      body: Asked,
      success: ActionPlan,
      faults: ['unknown_action', 'unknown_service', 'bad_params'],
      handle: async ({ body, identity }) =>
        value(await service.plan({ ...body, actor: `device:${identity.deviceId}`, reason: '' })),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/run',
      operationId: 'runAction',
      summary: 'Run an action; answers as soon as it is journaled',
      tag: 'actions',
      scope: 'operate',
      audit: 'action.asked',
      tier: 'standard',
      body: Asked.extend({ reason: z.string().max(500).default('asked by a person') }),
      success: ActionRun,
      successStatus: 202,
      faults: ['unknown_action', 'unknown_service', 'bad_params', 'action_refused', 'action_busy'],
      handle: async ({ body, identity }) =>
        value(await service.request({ ...body, actor: `device:${identity.deviceId}` })).run,
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/actions/runs',
      operationId: 'listActionRuns',
      summary: 'Runs, newest first',
      tag: 'actions',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        ...Page,
        target: z.string().max(1000).optional(),
        state: z.enum(['open']).optional().meta({ description: 'open: what has not ended yet.' }),
        incident_id: z.string().max(100).optional(),
        before: z.coerce.number().optional().meta({ description: 'Created before this time, UTC ms.' }),
      }),
      success: z.object({ runs: z.array(ActionRun) }),
      faults: [],
      handle: async ({ query }) => ({
        runs: await store.list({
          target: query.target,
          incidentId: query.incident_id,
          open: query.state === 'open',
          before: query.before,
          limit: query.limit,
        }),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/actions/runs/:id',
      operationId: 'getActionRun',
      summary: 'One run with its evidence',
      tag: 'actions',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      params: RunId,
      success: ActionRun,
      faults: ['unknown_run'],
      handle: async ({ params }) =>
        (await store.byId(params.id))?.run ??
        raise(fault('not-found', 'unknown_run', `There is no run “${params.id}”.`)),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/runs/:id/cancel',
      operationId: 'cancelActionRun',
      summary: 'Cancel a run: before it starts, or within 3 s while it runs',
      tag: 'actions',
      scope: 'operate',
      audit: 'action.cancel',
      tier: 'light',
      params: RunId,
      success: ActionRun,
      faults: ['unknown_run', 'run_finished'],
      handle: async ({ params, identity }) =>
        value(await service.cancel(params.id, `device:${identity.deviceId}`)),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/runs/:id/approve',
      operationId: 'approveActionRun',
      summary: 'Approve a destructive run',
      tag: 'actions',
      scope: 'operate',
      audit: 'action.approve',
      tier: 'light',
      params: RunId,
      success: ActionRun,
      faults: [
        'unknown_run',
        'run_finished',
        'not_awaiting_approval',
        'approval_by_another',
        'scope_missing',
      ],
      handle: async ({ params, identity }) =>
        value(await service.approve(params.id, `device:${identity.deviceId}`, identity.scopes)),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/actions/runs/:id/undo',
      operationId: 'undoActionRun',
      summary: 'Put back what a finished run changed',
      tag: 'actions',
      scope: 'operate',
      audit: 'action.undo',
      tier: 'standard',
      params: RunId,
      success: ActionRun,
      faults: ['unknown_run', 'run_under_way', 'not_undoable', 'action_busy'],
      handle: async ({ params, identity }) =>
        value(await service.undo(params.id, `device:${identity.deviceId}`)),
    }),
    ...auditRoutes(audit),
  ];
}
