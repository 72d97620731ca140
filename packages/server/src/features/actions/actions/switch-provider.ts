import { z } from 'zod';
import { defineAction, type ActionContext, type Seen } from '../define-action.ts';
import type { ProviderView } from '../faces.ts';
import {
  endOverride,
  overrideEnded,
  overrideSnapshot,
  ownOverride,
  setOverride,
} from '../override-action.ts';
import { lookAtProvider, pause, timeOf } from '../provider-target.ts';

const params = z.strictObject({
  to: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .meta({ description: '`provider/model` or `provider`. Absent: the first other one that works.' }),
  for_s: z
    .number()
    .min(1)
    .max(86_400)
    .default(900)
    .meta({ description: 'How long; then it is tried again.' }),
});

/** Where turns go instead. A model that the other one does not list is replaced by its first. */
function detourOf(view: ProviderView, { to }: z.output<typeof params>): string | null {
  const id = to?.split('/')[0];
  const other = id === undefined ? view.others[0] : view.others.find((one) => one.id === id);
  if (!other) return null;
  if (to?.includes('/')) return to;
  const shared = view.models.some((model) => other.models.includes(model));
  const [first] = other.models;
  return shared || first === undefined ? other.id : `${other.id}/${first}`;
}

/** Leads turns around a provider that fails, for a while. */
export const action = defineAction({
  id: 'switch_provider',
  title: 'Lead turns around a provider',
  description:
    'Holds a failing provider back for a while and sends its turns to another one that works. Nothing is written to vigiles.yaml; it ends by itself and can be undone. What may not leave this machine still does not. Proven by the other one answering.',
  params,
  targets: ['provider', 'model'],
  guarded: true,
  timeoutMs: 30_000,
  lock: (target) => `provider:${target}`,
  risk: () => 'reversible',
  async plan(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return [];
    const until = timeOf(context.now() + context.params.for_s * 1000);
    return [
      `Hold ${view.id} back until ${until} UTC`,
      `Send its turns to ${detourOf(view, context.params) ?? 'nobody: no other provider works'}`,
      'Ask the other one whether it answers',
    ];
  },
  async precheck(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return view;
    if (view.overrides.some(({ hold }) => hold)) return `${view.id} is held back already`;
    if (detourOf(view, context.params)) return null;
    return context.params.to === undefined
      ? 'no other provider works that could take its turns'
      : `${context.params.to} does not work or is not there`;
  },
  snapshot: overrideSnapshot,
  async perform(context) {
    const view = await lookAtProvider(context);
    const to = typeof view === 'string' ? null : detourOf(view, context.params);
    if (to === null) throw new Error('no other provider works any more');
    const until = context.now() + context.params.for_s * 1000;
    await setOverride(context, { hold: true, detourTo: to, until });
    context.memory.set('since', context.now());
  },
  async verify(context) {
    const own = await ownOverride(context);
    if (!own?.detour_to) return 'not_fixed';
    return otherAnswers(context, own.detour_to.split('/')[0] ?? '');
  },
  steady: async (context) => (await ownOverride(context)) !== null,
  rollback: endOverride,
  restored: overrideEnded,
});

/** A turn that it answered is the best proof; its list of models, which costs nothing, is the next best. */
async function otherAnswers(context: ActionContext<unknown>, id: string): Promise<Seen> {
  const since = context.memory.get('since');
  for (let tries = 0; tries < 3 && !context.signal.aborted; tries += 1) {
    if (typeof since === 'number') {
      const turns = await context.gateway.turnsSince(id, since);
      if (turns.answered > 0) return 'fixed';
    }
    const probed = await context.gateway.probe(id, context.signal);
    if (probed) context.note('asked the other provider', { provider: id, ...probed });
    if (probed?.ok) return 'fixed';
    if (probed === null) return 'unknown';
    await pause(1000, context.signal);
  }
  return 'not_fixed';
}
