import { z } from 'zod';
import { HealthRow } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { common, type SeedRoutesDeps } from './deps.ts';
import { recover, RecoveryAnswer, RecoveryRequest } from './recovery.ts';

const HealthCheck = z.object({
  success: z.boolean(),
  output: z.string(),
  error: z.string(),
  services: z.array(HealthRow),
});

/** Looks asked for at once are many; more than this have to wait for their interval. */
const mostLooks = 5000;

/** What can be done: look now, recover, empty the recovery log. */
export function actRoutes(deps: SeedRoutesDeps): Route[] {
  const { history, services } = deps;
  const clear = defineRoute({
    ...common,
    method: 'DELETE',
    path: '/api/logs',
    operationId: 'clearRecoveryLog',
    summary: 'Empty the recovery log; the audit chain keeps everything',
    scope: 'operate',
    audit: 'recovery-log.clear',
    tier: 'standard',
    success: z.object({ success: z.boolean(), message: z.string() }),
    handle: async () => {
      await history.clear();
      return { success: true, message: 'Logs cleared' };
    },
  });

  const check = defineRoute({
    ...common,
    method: 'POST',
    path: '/api/health-check',
    operationId: 'runHealthCheck',
    summary: 'Look at services now and say what was found',
    scope: 'operate',
    audit: 'health.check',
    tier: 'heavy',
    body: z.strictObject({ services: z.array(z.string().max(64)).max(mostLooks).default([]) }).prefault({}),
    success: HealthCheck,
    faults: ['unknown_service'],
    handle: async ({ body }) => {
      const unknown = body.services.find((name) => !services.has(name));
      if (unknown !== undefined)
        raise(fault('not-found', 'unknown_service', `There is no service “${unknown}”.`));
      const names = body.services.length > 0 ? body.services : [...services.keys()].slice(0, mostLooks);
      await deps.lookNow(names);
      await history.save();
      const wanted = new Set(names);
      const rows = deps.snapshot().services.filter(({ name }) => wanted.has(name));
      const bad = rows.filter(({ status }) => status === 'unhealthy' || status === 'recovering');
      return {
        success: bad.length === 0,
        output: `${rows.length} looked at, ${rows.filter(({ status }) => status === 'healthy').length} healthy`,
        error: bad.map(({ name, status }) => `${name}: ${status}`).join('\n'),
        services: rows,
      };
    },
  });

  const recovery = defineRoute({
    ...common,
    method: 'POST',
    path: '/api/recovery',
    operationId: 'startRecovery',
    summary: 'Restart what is down, through the guards and the veto; `plan` only says what would be done',
    scope: 'operate',
    audit: 'recovery.asked',
    tier: 'heavy',
    body: RecoveryRequest,
    success: RecoveryAnswer,
    successStatus: 202,
    faults: ['unknown_service'],
    handle: ({ body, identity }) => recover(deps, body, `device:${identity.deviceId}`),
  });

  return [clear, check, recovery];
}
