import { z } from 'zod';
import { defineAction } from '../define-action.ts';

/** One try at sending a mail of the outbox. What is sent stands in the outbox, never in the parameters. */
export const action = defineAction({
  id: 'send_mail',
  title: 'Send a mail',
  description:
    'Gives a mail of the outbox to the mail server, once. Where its device’s mail has to be approved it waits until somebody else than who asked, who may change the configuration, has done so. Proven by the server’s answer; where the server had all of it and said nothing, nobody knows, and it is not sent again by itself.',
  params: z.strictObject({
    approval: z.boolean().default(false).meta({ description: 'It waits for an approval.' }),
    approval_s: z
      .number()
      .min(0)
      .max(2_592_000)
      .optional()
      .meta({ description: 'How long it waits, seconds.' }),
  }),
  targets: ['mail'],
  // The outbox has limits of its own; tries of a mail are no attempts at healing.
  guarded: false,
  timeoutMs: 840_000,
  lock: (target) => target,
  risk: (_view, { params }) => (params.approval ? 'destructive' : 'reversible'),
  riskAtMost: 'destructive',
  approvalByAnother: true,
  // Every agent that sends mail has `operate`: two of them would approve each other's.
  approvalScope: 'config',
  approvalMs: ({ params }) => (params.approval_s ?? 86_400) * 1000,
  async plan({ mail, targetName }) {
    const view = await mail.look(targetName);
    return view ? [`Send ${view.what}`] : [];
  },
  async precheck({ mail, targetName, params }) {
    const view = await mail.look(targetName);
    if (!view) return `there is no mail “${targetName}” in the outbox`;
    if (view.approval && !params.approval) return 'it has to be approved first';
    return view.refusal;
  },
  perform: ({ mail, targetName, approvedBy, signal, note }) =>
    mail.deliver(targetName, approvedBy, { signal, note }),
  verify: ({ mail, targetName }) => mail.seen(targetName),
});
