import { z } from 'zod';
import { ActionTargetClass } from '@vigiles/contract';
import { defineAction } from '../define-action.ts';

/** Does nothing, on the record: for faults that pass by themselves. */
export const action = defineAction({
  id: 'ignore',
  title: 'Ignore',
  description: 'Does nothing, on the record: for faults that pass by themselves.',
  targets: ActionTargetClass.options,
  params: z.strictObject({}),
  guarded: false,
  timeoutMs: 1000,
  lock: (target) => `ignore:${target}`,
  risk: () => 'observe',
  riskAtMost: 'observe',
  plan: () => ['Do nothing and keep watching'],
  precheck: () => null,
  perform: async () => undefined,
  verify: async () => 'unknown',
});
