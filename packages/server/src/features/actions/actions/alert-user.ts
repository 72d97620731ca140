import { z } from 'zod';
import { defineAction } from '../define-action.ts';

/** Tells a person: what is left when nothing may or can be done. */
export const action = defineAction({
  id: 'alert_user',
  title: 'Alert a person',
  params: z.strictObject({
    title: z.string().max(200),
    message: z.string().max(2000),
    severity: z.enum(['critical', 'warning', 'info']).default('critical'),
  }),
  guarded: false,
  timeoutMs: 5000,
  // Telling somebody is not undone by a restart that runs at the same time.
  lock: (target) => `alert:${target}`,
  risk: () => 'observe',
  plan: ({ params }) => [`Raise the alert “${params.title}”`],
  precheck: () => null,
  async perform({ alert, params }) {
    alert({ severity: params.severity, title: params.title, message: params.message });
  },
  // Raising an alert repairs nothing; only the person who reads it may.
  verify: async () => 'unknown',
});
