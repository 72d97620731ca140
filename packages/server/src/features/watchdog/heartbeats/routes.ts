import { z } from 'zod';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { redactText } from '../../actions/index.ts';
import type { WatchedService } from '../watched-service.ts';
import type { HeartbeatBook } from './heartbeat-book.ts';

const longestMessage = 300;

const Push = z.object({
  status: z.enum(['up', 'down']).default('up').meta({ description: 'How it is.' }),
  msg: z.string().max(4000).default('').meta({ description: 'Shown to people.' }),
  ping: z.coerce
    .number()
    .min(0)
    .max(86_400_000)
    .optional()
    .catch(undefined)
    .meta({ description: 'Milliseconds it took: the latency that is shown.' }),
});

/** The same, said in the body: of a form (`curl -d status=down`) or as JSON. */
const Said = z
  .object({
    status: z.enum(['up', 'down']).optional(),
    msg: z.string().max(4000).optional(),
    ping: Push.shape.ping,
  })
  .nullish()
  .meta({ description: 'Stands above what the address says.' });

const described = {
  path: '/api/v1/heartbeats/:token',
  summary: 'A watched program says that it is well; the end of the path is its secret',
  tag: 'services',
  scope: 'public',
  audit: 'none',
  tier: 'light',
  params: z.object({ token: z.string().min(16).max(128) }),
  query: Push,
  success: z.object({ ok: z.literal(true) }),
  faults: ['unknown_heartbeat'],
} as const;

/** Push addresses, and where people find them. */
export function heartbeatRoutes(deps: {
  heartbeats: HeartbeatBook;
  services: ReadonlyMap<string, WatchedService>;
}): Route[] {
  const { heartbeats, services } = deps;
  const receive = (token: string, { status, msg, ping }: z.output<typeof Push>): { ok: true } => {
    const message = redactText(msg).slice(0, longestMessage);
    const heard = heartbeats.receive(token, { status, message, pingMs: ping ?? null });
    return heard
      ? { ok: true }
      : raise(fault('not-found', 'unknown_heartbeat', 'Nobody waits for this heartbeat.'));
  };
  return [
    defineRoute({
      ...described,
      method: 'GET',
      operationId: 'pushHeartbeat',
      handle: async ({ params, query }) => receive(params.token, query),
    }),
    defineRoute({
      ...described,
      method: 'POST',
      operationId: 'postHeartbeat',
      body: Said,
      handle: async ({ params, query, body }) =>
        receive(params.token, {
          status: body?.status ?? query.status,
          msg: body?.msg ?? query.msg,
          ping: body?.ping ?? query.ping,
        }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/services/:name/heartbeats',
      operationId: 'getServiceHeartbeats',
      summary: 'Push addresses of a service’s heartbeat checks',
      tag: 'services',
      scope: 'operate',
      audit: 'none',
      tier: 'light',
      params: z.object({ name: z.string().max(64) }),
      success: z.object({ heartbeats: z.array(z.object({ check: z.string(), path: z.string() })) }),
      faults: ['unknown_service'],
      handle: async ({ params }) => {
        const service =
          services.get(params.name) ??
          raise(fault('not-found', 'unknown_service', `There is no service “${params.name}”.`));
        const checks = service.checks().filter(({ config }) => config.type === 'heartbeat');
        return {
          heartbeats: checks.map(({ id }) => ({ check: id, path: service.pushPath(id) })),
        };
      },
    }),
  ];
}
