import { z } from 'zod';
import { DiagnosisStatus, KnownPattern } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { DiagnosisTier } from '../diagnosis/diagnosis.ts';
import type { Knowledge } from './knowledge.ts';

const Fingerprint = z.object({ fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'a fingerprint') });

/** What was learned, and the model that is asked where nothing is known. */
export function knowledgeRoutes(knowledge: Knowledge, diagnosis: DiagnosisTier | null): Route[] {
  const view = (fingerprint: string, found = true): KnownPattern => {
    const pattern = found ? knowledge.view(fingerprint) : null;
    return pattern ?? raise(fault('not-found', 'unknown_pattern', 'There is no such pattern or remedy.'));
  };
  const base = { tag: 'incidents', faults: ['unknown_pattern'], params: Fingerprint } as const;
  const change = { ...base, scope: 'operate', tier: 'light', success: KnownPattern } as const;
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/knowledge',
      operationId: 'listKnowledge',
      summary: 'Known patterns with what helped and how surely, last seen first',
      tag: 'incidents',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        search: z.string().max(200).optional(),
        after: z
          .string()
          .max(16)
          .optional()
          .meta({ description: 'Fingerprint of the last one of the page before.' }),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      success: z.object({ patterns: z.array(KnownPattern), total: z.number() }),
      faults: [],
      async handle({ query: { search = '', after, limit } }) {
        const wanted = search.toLowerCase();
        const found = knowledge
          .list()
          .filter(({ fault: id, template }) => `${id} ${template}`.toLowerCase().includes(wanted));
        const from =
          after === undefined ? 0 : found.findIndex(({ fingerprint }) => fingerprint === after) + 1;
        return { patterns: found.slice(from, from + limit), total: found.length };
      },
    }),
    defineRoute({
      ...change,
      method: 'POST',
      path: '/api/v1/knowledge/:fingerprint/pin',
      operationId: 'pinKnowledge',
      summary: 'Keep a pattern, however long it is not seen',
      audit: 'knowledge.pinned',
      body: z.strictObject({ pinned: z.boolean() }),
      handle: async ({ params, body }) =>
        view(params.fingerprint, knowledge.pin(params.fingerprint, body.pinned)),
    }),
    defineRoute({
      ...change,
      method: 'POST',
      path: '/api/v1/knowledge/:fingerprint/promote',
      operationId: 'promoteKnowledge',
      summary: 'Vouch for a remedy: it is applied by itself, within the guards',
      audit: 'knowledge.promoted',
      body: z.strictObject({ remedy: z.string().max(16), promoted: z.boolean() }),
      handle: async ({ params, body }) =>
        view(params.fingerprint, knowledge.promote(params.fingerprint, body.remedy, body.promoted)),
    }),
    defineRoute({
      ...base,
      method: 'DELETE',
      path: '/api/v1/knowledge/:fingerprint',
      operationId: 'forgetKnowledge',
      summary: 'Forget a pattern with everything that was learned of it',
      scope: 'operate',
      audit: 'knowledge.forgotten',
      tier: 'light',
      success: z.object({ forgotten: z.boolean() }),
      handle: async ({ params }) => {
        const forgotten = knowledge.forget(params.fingerprint);
        return forgotten ? { forgotten } : view(params.fingerprint) && { forgotten: false };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/watchdog/ai',
      operationId: 'getWatchdogAi',
      summary: 'The AI of the watchdog: limits, cost of this month, last answers',
      tag: 'incidents',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: DiagnosisStatus,
      faults: ['no_ai'],
      handle: () =>
        diagnosis?.status() ??
        raise(fault('unavailable', 'no_ai', 'This Vigiles has no gateway to ask a model through.')),
    }),
  ];
}
