import { uptime } from 'node:os';
import { z } from 'zod';
import { HealthSnapshot } from '@vigiles/contract';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { common, type SeedRoutesDeps } from './deps.ts';
import { lineOf } from './recovery-log.ts';

/** A moment as ISO 8601 or UTC ms. */
const Moment = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isFinite(ms)) return ms;
    context.addIssue({ code: 'custom', message: 'is no moment: ISO 8601 or UTC ms' });
    return z.NEVER;
  });

const LoopStatus = z.object({
  active: z.boolean(),
  /** Seconds between two snapshots of the history. Each check has an interval of its own. */
  interval_seconds: z.number(),
  last_check: z.string().nullable(),
  next_check_in_seconds: z.number(),
  checks: z.number(),
  checks_per_second: z.number(),
  running: z.number(),
  starts: z.number(),
  /** How late the last 8,192 checks began, against the moment each was due. */
  jitter_ms: z.object({ p50: z.number().nullable(), p99: z.number().nullable(), max: z.number().nullable() }),
});

const Metrics = z.object({
  recovery_count: z.number(),
  active_services: z.number(),
  /** How long this machine is up, in words. */
  uptime: z.string(),
  last_restart: z.string().nullable(),
  total_services: z.number(),
  down_services: z.number(),
  unknown_services: z.number(),
});

function inWords(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return `up ${said.join(', ') || 'less than a minute'}`;
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** What can be read: the fleet now and before, the recovery log, numbers, the loop. */
export function readRoutes({
  history,
  actions,
  snapshot,
  loop: stats,
  running: isRunning,
}: SeedRoutesDeps): Route[] {
  const health = defineRoute({
    ...common,
    method: 'GET',
    path: '/api/health',
    operationId: 'getFleetHealth',
    summary: 'Every service with its status, uptime and latency',
    scope: 'read',
    tier: 'light',
    query: z.object({
      after: z.string().max(64).optional().meta({ description: 'Only names after this one: for paging.' }),
      limit: z.coerce.number().int().min(1).max(5000).default(5000),
    }),
    success: HealthSnapshot,
    handle: async ({ query: { after, limit } }) => {
      const whole = snapshot();
      const sorted = whole.services.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const rest = after === undefined ? sorted : sorted.filter(({ name }) => name > after);
      return { ...whole, services: rest.slice(0, limit) };
    },
  });

  const past = defineRoute({
    ...common,
    method: 'GET',
    path: '/api/history',
    operationId: 'getHealthHistory',
    summary: 'The last snapshots of the fleet, oldest first',
    scope: 'read',
    tier: 'standard',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(50),
      before: Moment.optional().meta({
        description: 'Only older ones: the first one’s timestamp, to page back.',
      }),
    }),
    success: z.array(HealthSnapshot),
    handle: ({ query }) => history.read(query.limit, query.before),
  });

  const logs = defineRoute({
    ...common,
    method: 'GET',
    path: '/api/logs',
    operationId: 'getRecoveryLog',
    summary: 'What was recovered and what came of it, one line each',
    scope: 'read',
    tier: 'light',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: Moment.optional().meta({ description: 'Only older ones, to page back: `next_before`.' }),
    }),
    success: z.object({ entries: z.array(z.string()), next_before: z.number().nullable() }),
    handle: async ({ query: { limit, before } }) => {
      const since = await history.clearedAt();
      const page = await actions.runs({ limit, ...(before === undefined ? {} : { before }) });
      const runs = page.filter(({ created_at }) => created_at > since);
      const more = runs.length === limit;
      // The newest is at the end, as in a log file.
      return {
        entries: runs.toReversed().map(lineOf),
        next_before: (more && runs.at(-1)?.created_at) || null,
      };
    },
  });

  const metrics = defineRoute({
    ...common,
    method: 'GET',
    path: '/api/metrics',
    operationId: 'getRecoveryMetrics',
    summary: 'Recoveries, services and uptime in numbers',
    scope: 'read',
    tier: 'light',
    success: Metrics,
    handle: async () => {
      const { system } = snapshot();
      const restarts = await actions.tally('restart_service');
      return {
        recovery_count: restarts.count,
        active_services: system.up,
        uptime: inWords(uptime()),
        last_restart: iso(restarts.lastAt),
        total_services: system.total,
        down_services: system.down,
        unknown_services: system.unknown,
      };
    },
  });

  const loop = defineRoute({
    ...common,
    method: 'GET',
    path: '/api/loop-status',
    operationId: 'getLoopStatus',
    summary: 'Whether the loop of checks runs, how often, and how punctually',
    scope: 'read',
    tier: 'light',
    success: LoopStatus,
    handle: async () => {
      const { jobs, running, perSecond, starts, p50Ms, p99Ms, maxMs } = stats();
      return {
        active: isRunning(),
        interval_seconds: history.everyMs / 1000,
        last_check: iso(history.lastAt()),
        next_check_in_seconds: Math.ceil(history.nextInMs() / 1000),
        checks: jobs,
        checks_per_second: Math.round(perSecond * 100) / 100,
        running,
        starts,
        jitter_ms: { p50: p50Ms, p99: p99Ms, max: maxMs },
      };
    },
  });

  return [health, past, logs, metrics, loop];
}
