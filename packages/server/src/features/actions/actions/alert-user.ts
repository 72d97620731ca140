import { z } from 'zod';
import { ActionTargetClass } from '@vigiles/contract';
import { alertKinds, type AlertKind } from '../alert-kinds.ts';
import { defineAction } from '../define-action.ts';

const kinds = Object.keys(alertKinds) as [AlertKind, ...AlertKind[]];

const params = z
  .strictObject({
    kind: z
      .enum(kinds)
      .optional()
      .meta({ description: 'What it is about: gives title and message where none is named.' }),
    title: z.string().max(200).optional(),
    message: z.string().max(2000).optional(),
    severity: z.enum(['critical', 'warning', 'info']).optional(),
  })
  .refine(({ kind, title }) => kind !== undefined || title !== undefined, {
    message: 'needs a kind or a title',
    path: ['title'],
  });

/** What is said: the words that were given, else those of the kind. */
function wordsOf({ kind, title, message, severity }: z.output<typeof params>, target: string) {
  const known = kind && alertKinds[kind];
  return {
    severity: severity ?? known?.severity ?? ('critical' as const),
    title: title ?? `${target}: ${known?.title ?? 'a person is needed'}`,
    message: message ?? known?.advice ?? '',
  };
}

/** Tells a person: what is left when nothing may or can be done. */
export const action = defineAction({
  id: 'alert_user',
  title: 'Alert a person',
  description:
    'Tells people what is wrong and what only they can do about it. Nothing is repaired, so its outcome is always unknown.',
  params,
  targets: ActionTargetClass.options,
  guarded: false,
  timeoutMs: 5000,
  // Telling somebody is not undone by a restart that runs at the same time.
  lock: (target) => `alert:${target}`,
  risk: () => 'observe',
  riskAtMost: 'observe',
  plan: ({ params: given, target }) => [`Raise the alert “${wordsOf(given, target).title}”`],
  precheck: () => null,
  async perform({ alert, params: given, target }) {
    alert(wordsOf(given, target));
  },
  // Raising an alert repairs nothing; only the person who reads it may.
  verify: async () => 'unknown',
});
