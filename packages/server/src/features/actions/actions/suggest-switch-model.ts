import { z } from 'zod';
import { defineAction, type ActionContext } from '../define-action.ts';
import { providerOf } from '../provider-target.ts';

/** Other models that could answer, those of other providers first. */
async function suggestions(context: ActionContext<unknown>): Promise<string[]> {
  const { targetClass, targetName, gateway } = context;
  if (targetClass !== 'provider' && targetClass !== 'model') return [];
  const view = await gateway.provider(providerOf(context));
  if (!view) return [];
  const elsewhere = view.others.flatMap(({ id, models }) =>
    models.slice(0, 2).map((model) => `${id}/${model}`),
  );
  const here = view.models.map((model) => `${view.id}/${model}`).filter((name) => name !== targetName);
  return [...elsewhere, ...here].slice(0, 5);
}

/** Tells a person that another model is likely to do better, and which there are. */
export const action = defineAction({
  id: 'suggest_switch_model',
  title: 'Suggest another model',
  description:
    'Tells people that a model fails at what it is asked, and which others could answer. Nothing is switched.',
  params: z.strictObject({
    message: z.string().max(2000).default('It fails at what it is asked again and again.'),
  }),
  targets: ['provider', 'model', 'agent', 'service', 'host'],
  guarded: false,
  timeoutMs: 10_000,
  lock: (target) => `alert:${target}`,
  risk: () => 'observe',
  riskAtMost: 'observe',
  async plan(context) {
    const names = await suggestions(context);
    return [`Suggest another model for ${context.target}${names.length > 0 ? `: ${names.join(', ')}` : ''}`];
  },
  precheck: () => null,
  async perform(context) {
    const names = await suggestions(context);
    const others = names.length > 0 ? ` These could answer: ${names.join(', ')}.` : '';
    context.alert({
      severity: 'warning',
      title: `${context.targetName}: another model is likely to do better`,
      message: `${context.params.message}${others}`,
    });
  },
  verify: async () => 'unknown',
});
