import { z } from 'zod';
import type { ActionInfo } from '@vigiles/contract';
import { byText } from '../../kernel/text-order.ts';
import type { ActionDefinition } from './define-action.ts';

/** What can be asked for, sorted by id. */
export const catalog = (definitions: Iterable<ActionDefinition>): ActionInfo[] =>
  [...definitions]
    .map((definition) => ({
      id: definition.id,
      title: definition.title,
      description: definition.description ?? definition.title,
      risk: definition.riskAtMost ?? 'reversible',
      params: z.toJSONSchema(definition.params, { io: 'input', unrepresentable: 'any' }) as Record<
        string,
        unknown
      >,
      targets: [...(definition.targets ?? (['service'] as const))],
      guarded: definition.guarded,
      undoable: definition.rollback !== undefined,
      timeout_s: definition.timeoutMs / 1000,
    }))
    .sort((a, b) => byText(a.id, b.id));
