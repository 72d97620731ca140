import { z } from 'zod';
import { defineAction, type ActionContext } from '../define-action.ts';
import { pause, providerOf } from '../provider-target.ts';

const params = z.strictObject({
  first_s: z.number().min(0.01).max(60).default(1),
  attempts: z.int().min(1).max(10).default(5),
});

/** Half a pause to a whole one, so that many who wait do not all come at once. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2);

type Look = 'good' | 'bad' | 'unknown';

async function look(context: ActionContext<unknown>): Promise<Look> {
  const { targetClass, services, target, gateway, signal, note } = context;
  if (targetClass === 'service' || targetClass === 'host') {
    const view = services.look(target);
    return view ? (view.healthy && view.state === 'UP' ? 'good' : 'bad') : 'unknown';
  }
  const probed = await gateway.probe(providerOf(context), signal);
  if (!probed) return 'unknown';
  note('asked', probed);
  return probed.ok ? 'good' : 'bad';
}

/** Asks again and again, ever more seldom, whether something answers. Changes nothing. */
export const action = defineAction({
  id: 'retry_with_backoff',
  title: 'Try again with growing pauses',
  description:
    'Looks again and again, ever more seldom, until a provider or a service answers. Changes nothing: for what passes by itself.',
  params,
  targets: ['provider', 'model', 'service'],
  guarded: false,
  timeoutMs: 600_000,
  lock: (target) => `retry:${target}`,
  risk: () => 'observe',
  riskAtMost: 'observe',
  plan: ({ params: { attempts, first_s }, target }) => [
    `Look at ${target} up to ${attempts} times, first after ${first_s} s, then after twice as long each time`,
  ],
  async precheck(context) {
    if (context.targetClass === 'service') return null;
    const id = providerOf(context);
    return (await context.gateway.provider(id)) ? null : `the gateway has no provider ${id}`;
  },
  async perform(context) {
    const { attempts, first_s } = context.params;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await pause(jittered(Math.min(first_s * 2 ** attempt, 120) * 1000), context.signal);
      if (context.signal.aborted) return;
      const seen = await look(context);
      context.memory.set('seen', seen);
      if (seen !== 'bad') return;
    }
  },
  async verify(context) {
    const seen = (context.memory.get('seen') as Look | undefined) ?? (await look(context));
    return seen === 'good' ? 'fixed' : seen === 'bad' ? 'not_fixed' : 'unknown';
  },
});
