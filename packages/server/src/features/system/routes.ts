import { z } from 'zod';
import { Status } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Metrics } from './metrics.ts';
import { statusFor, type StatusParts, type StatusSource } from './status.ts';

const common = { method: 'GET', tag: 'system', audit: 'none', tier: 'light', faults: [] } as const;

export interface SystemRoutesDeps {
  source: StatusSource;
  parts: StatusParts;
  metrics: Metrics;
}

/** Whether we live, how everything is, and numbers for Prometheus. */
export function systemRoutes({ source, parts, metrics }: SystemRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      path: '/health',
      operationId: 'getHealth',
      summary: 'Whether the server lives; needs no token and tells nothing else',
      scope: 'public',
      success: z.object({
        status: z.literal('healthy'),
        version: z.string(),
        timestamp: z.string(),
        uptime_s: z.number(),
        active_sessions: z.number(),
        connected_clients: z.number(),
      }),
      handle: async () => ({
        status: 'healthy' as const,
        version: source.version,
        timestamp: new Date(source.now()).toISOString(),
        uptime_s: source.uptimeS(),
        active_sessions: await source.activeSessions(),
        connected_clients: source.subscribers(),
      }),
    }),
    defineRoute({
      ...common,
      path: '/api/v1/status',
      operationId: 'getStatus',
      summary: 'Everything at a glance',
      scope: 'read',
      success: Status,
      handle: ({ identity }) => statusFor(identity, source, parts),
    }),
    defineRoute({
      ...common,
      path: '/metrics',
      operationId: 'getMetrics',
      summary: 'Numbers for Prometheus',
      scope: 'read',
      success: z.string(),
      handle: ({ setHeader }) => {
        setHeader('content-type', metrics.registry.contentType);
        return metrics.text();
      },
    }),
  ];
}
