import { z } from 'zod';
import {
  GatewaySnapshot,
  type ProviderTypeInfo,
  Turn,
  TurnDetail,
  TurnOutcome,
  UsageBucket,
  UsageRow,
  TurnExplanation,
} from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { Configuration } from '../../../platform/config/index.ts';
import type { Store } from '../../../platform/store/store.ts';
import { explainTurn } from './explain.ts';
import type { GatewayClient } from './gateway-client.ts';
import { turnDetail } from './turn-detail.ts';
import type { TurnStore } from './turn-store.ts';
import { MAX_ROWS, usageDimensions, usageMeasures, usageOverTime, usageReport } from './usage-report.ts';

export interface GatewayRoutesDeps {
  configuration: Configuration;
  store: Store;
  turns: TurnStore;
  client: GatewayClient;
  now(): number;
  /** Sorts of providers that plugins bring. */
  pluginTypes(): readonly ProviderTypeInfo[];
}

const common = { method: 'GET', tag: 'gateway', scope: 'read', audit: 'none' } as const;
const DAY_MS = 86_400_000;

/** The gateway's state and its ledger. */
export function gatewayRoutes({ store, turns, client, now }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      tier: 'light',
      path: '/api/v1/gateway',
      operationId: 'readGateway',
      summary: 'What the gateway process says of itself now',
      success: z.object({ state: z.enum(['up', 'unreachable']), snapshot: GatewaySnapshot.nullable() }),
      faults: [],
      async handle() {
        const snapshot = await client.snapshot();
        return { state: snapshot ? ('up' as const) : ('unreachable' as const), snapshot };
      },
    }),
    defineRoute({
      ...common,
      tier: 'light',
      path: '/api/v1/ai/turns',
      operationId: 'listTurns',
      summary: 'The ledger, newest turn first',
      query: z.object({
        before: z
          .string()
          .max(64)
          .optional()
          .meta({ description: 'The id of the last turn of the page before.' }),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        model: z.string().max(256).optional(),
        provider: z.string().max(64).optional(),
        device_id: z.string().max(64).optional(),
        outcome: TurnOutcome.optional(),
      }),
      success: z.object({ turns: z.array(Turn), next: z.string().nullable() }),
      faults: [],
      async handle({ query }) {
        const page = await turns.page(query);
        return { turns: page, next: page.length === query.limit ? (page.at(-1)?.id ?? null) : null };
      },
    }),
    defineRoute({
      ...common,
      tier: 'light',
      path: '/api/v1/ai/turns/:id',
      operationId: 'readTurn',
      summary: 'One turn of the ledger, with its price line by line',
      params: z.object({ id: z.string().max(64) }),
      success: TurnDetail,
      faults: ['turn_not_found'],
      async handle({ params }) {
        const turn = await turns.find(params.id);
        if (!turn) raise(fault('not-found', 'turn_not_found', `There is no turn ${params.id}.`));
        return turnDetail(store, turn);
      },
    }),
    defineRoute({
      ...common,
      tier: 'light',
      path: '/api/v1/ai/turns/:id/explain',
      operationId: 'explainTurn',
      summary: 'Why a turn went where it went: candidates, rejections, attempts',
      params: z.object({ id: z.string().max(64) }),
      success: TurnExplanation,
      faults: ['turn_not_found'],
      async handle({ params }) {
        const [turn, decision] = await Promise.all([turns.find(params.id), turns.decision(params.id)]);
        if (!turn) return raise(fault('not-found', 'turn_not_found', `There is no turn ${params.id}.`));
        return explainTurn(turn, decision);
      },
    }),
    defineRoute({
      ...common,
      tier: 'standard',
      path: '/api/v1/ai/usage',
      operationId: 'readUsage',
      summary: 'Turns, tokens and cost by one dimension, in whole hours',
      query: z.object({
        by: z.enum(usageDimensions).default('model'),
        since: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .meta({ description: 'UTC ms; the last 24 hours when absent.' }),
        until: z.coerce.number().int().min(0).optional(),
        bucket: z
          .enum(['hour', 'day'])
          .optional()
          .meta({ description: 'Also over time, in `series`: one row for each key and UTC hour or day.' }),
        top: z.coerce.number().int().min(1).max(50).optional().meta({
          description: 'In `series`, only so many keys are told apart; all others are one, called `*`.',
        }),
        measure: z.enum(usageMeasures).default('cost').meta({ description: 'What is largest.' }),
        limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(MAX_ROWS),
      }),
      success: z.object({
        by: z.enum(usageDimensions),
        since: z.number(),
        until: z.number(),
        rows: z.array(UsageRow),
        series: z.array(UsageBucket).optional(),
      }),
      faults: [],
      async handle({ query }) {
        const until = query.until ?? now() + 1;
        const since = query.since ?? until - DAY_MS;
        const { by, bucket, measure } = query;
        const span = { since, until };
        const rows = await usageReport(store, by, span, { limit: query.limit, measure });
        const top = query.top === undefined ? undefined : { count: query.top, measure };
        const series = bucket && (await usageOverTime(store, by, bucket, span, top));
        return { by, since, until, rows, ...(series ? { series } : {}) };
      },
    }),
  ];
}
