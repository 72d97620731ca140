import { z } from 'zod';
import { ReplayReport, TurnRecord } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { contentRedactor } from '../contents/redact-content.ts';
import type { TurnContent } from '../contents/turn-content.ts';
import { replayTurn } from '../core/replay/replay-turn.ts';
import type { GatewayTables } from '../ledger/tables.ts';
import type { ProviderType } from '../providers/define-provider.ts';
import { providers } from '../providers/registry.gen.ts';
import type { GatewayRoutesDeps } from './routes.ts';

const types: Record<string, ProviderType> = providers;

/** One turn as a file for a bug report, and what today's translation makes of such a file. */
export function recordRoutes({ store, turns, client, now }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/turns/:id/record',
      operationId: 'exportTurn',
      summary: 'One turn with what was said in it, where that was kept; secrets taken out',
      tag: 'gateway',
      scope: 'admin',
      audit: 'turn.export',
      tier: 'standard',
      params: z.object({ id: z.string().max(64) }),
      success: TurnRecord,
      faults: ['turn_not_found'],
      async handle({ params: { id } }) {
        const turn = await turns.find(id);
        if (!turn) return raise(fault('not-found', 'turn_not_found', `There is no turn ${id}.`));
        const row = await store
          .db<GatewayTables>()
          .selectFrom('turn_content')
          .select('content')
          .where('id', '=', id)
          .executeTakeFirst();
        const snapshot = await client.snapshot();
        const type = snapshot?.providers.find((one) => one.id === turn.provider)?.type ?? null;
        return {
          format: 'vigiles-turn' as const,
          version: 1 as const,
          exported_at: now(),
          turn,
          provider_type: type,
          content: row ? withoutSecrets(JSON.parse(row.content) as TurnContent) : null,
        };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/ai/replay',
      operationId: 'replayTurn',
      summary: 'What today’s translation makes of an exported turn; nothing is sent anywhere',
      tag: 'gateway',
      scope: 'admin',
      audit: 'none',
      tier: 'heavy',
      body: TurnRecord,
      success: ReplayReport,
      faults: [],
      async handle({ body }) {
        return replayTurn(body, types[body.provider_type ?? '']?.quirks);
      },
    }),
  ];
}

/** A file that leaves the house holds nothing that looks like a secret, however it was kept. */
function withoutSecrets(content: TurnContent): TurnContent {
  const redact = contentRedactor([], true);
  return {
    ...content,
    request: redact(content.request),
    sent: content.sent === null ? null : redact(content.sent),
    received: content.received && { ...content.received, body: redact(content.received.body) },
    answered: redact(content.answered),
  };
}
