import { z } from 'zod';
import {
  CatalogueProblem,
  FaultCategory,
  FaultChange,
  FaultTestRequest,
  FaultTestResult,
  FaultView,
  PlannedFault,
  type FaultEntry,
} from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { faultFileJsonSchema } from './catalogue/json-schema.ts';
import { testFaults } from './catalogue/test-faults.ts';
import { faultView } from './catalogue/view.ts';
import { draftRule } from './catalogue/draft-rule.ts';
import { planRule, toldProblem, writeRule, type RuleHome } from './catalogue/write-rule.ts';
import type { DetectEngine } from './detect/engine.ts';

export interface FaultRoutesDeps extends RuleHome {
  engine: Pick<DetectEngine, 'active' | 'seen'>;
  now: () => number;
}

/** The fault catalogue: what is looked for, what it would say to a text, and entries of one’s own. */
export function faultRoutes({ engine, now, ...at }: FaultRoutesDeps): Route[] {
  const { catalogue } = at;
  const view = (id: string): FaultView => {
    const found = catalogue.find(id);
    if (!found) return raise(fault('not-found', 'unknown_fault', `There is no fault “${id}”.`));
    const active = engine.active().flatMap((one) => (one.fault === id ? [one.target] : []));
    return faultView(found, engine.seen(id), active.slice(0, 100));
  };
  const isMeant = ({ id, title, docs }: FaultEntry, query: string): boolean =>
    `${id} ${title} ${docs.what}`.toLowerCase().includes(query.toLowerCase());

  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/faults',
      operationId: 'listFaults',
      summary: 'The fault catalogue: what is looked for and what was seen of it',
      tag: 'faults',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        category: FaultCategory.optional(),
        source: z.enum(['built-in', 'user']).optional(),
        q: z.string().max(200).optional(),
        active: z.stringbool().optional().meta({ description: 'Only those that go on now.' }),
      }),
      success: z.object({
        faults: z.array(FaultView),
        problems: z
          .array(CatalogueProblem)
          .meta({ description: 'Why the files as they are now are not in force.' }),
      }),
      faults: [],
      handle: async ({ query }) => {
        const faults = catalogue
          .list()
          .filter(({ entry }) => query.category === undefined || entry.category === query.category)
          .filter(({ source }) => query.source === undefined || source === query.source)
          .filter(({ entry }) => query.q === undefined || isMeant(entry, query.q))
          .map(({ entry }) => view(entry.id))
          .filter(({ seen }) => query.active !== true || seen.active.length > 0);
        return { faults, problems: [...catalogue.problems()] };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/faults/schema',
      operationId: 'getFaultSchema',
      summary: 'The JSON Schema of a catalogue file',
      tag: 'faults',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({ schema: z.record(z.string(), z.unknown()) }),
      faults: [],
      handle: async () => ({ schema: faultFileJsonSchema() }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/faults/:id',
      operationId: 'getFault',
      summary: 'One fault with its documentation and examples',
      tag: 'faults',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      params: z.object({ id: z.string().max(64) }),
      success: FaultView,
      faults: ['unknown_fault'],
      handle: async ({ params }) => view(params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/faults/test',
      operationId: 'testFaults',
      summary: 'Which faults know this text or signal, why, and what would still be missing; changes nothing',
      tag: 'faults',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      body: FaultTestRequest,
      success: FaultTestResult,
      faults: [],
      handle: async ({ body }) => {
        if (body.draft === undefined) return testFaults(catalogue.compiled(), body, now());
        const { compiled, problems } = draftRule(body.draft);
        return problems.length > 0 ? { matches: [], problems, lines: 0 } : testFaults(compiled, body, now());
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/faults/plan',
      operationId: 'planFault',
      summary:
        'What a change makes of the file its rule stands in, and what is wrong with it; changes nothing',
      tag: 'faults',
      scope: 'config',
      audit: 'none',
      tier: 'standard',
      body: FaultChange,
      success: PlannedFault,
      faults: ['config_not_editable', 'config_path_invalid'],
      handle: async ({ body }) => planRule(at, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/faults',
      operationId: 'saveFault',
      summary:
        'Changes rules of one’s own, in vigiles.yaml or the file one stands in: writes an entry, takes one out, switches one off or on; refused whole where anything is wrong',
      tag: 'faults',
      scope: 'admin',
      audit: 'catalogue.changed',
      tier: 'standard',
      body: FaultChange,
      success: PlannedFault,
      faults: ['invalid_fault', 'stale_fault_file', 'config_not_editable', 'config_path_invalid'],
      handle: async ({ body, identity }) => {
        const { stale, ...written } = await writeRule(at, body, `device:${identity.deviceId}`);
        const { problems, file } = written;
        if (stale) {
          const message = `${file} was changed by somebody else meanwhile. Look at the new change before saving.`;
          return raise(fault('conflict', 'stale_fault_file', message));
        }
        if (problems.length > 0)
          return raise(fault('invalid', 'invalid_fault', toldProblem(problems), { details: { problems } }));
        return written;
      },
    }),
  ];
}
