import { z } from 'zod';
import type { Adaptation } from '@vigiles/contract';
import { defineAction } from '../define-action.ts';
import { lookAtProvider, pause, providerOf } from '../provider-target.ts';

const isLost = (one: Adaptation) => !one.pinned && one.in_force;

/** Forgets what the gateway learned from a provider's refusals: a wrong lesson makes every later request wrong. */
export const action = defineAction({
  id: 'clear_schema_cache',
  title: 'Forget what was learned of a provider',
  description:
    'Takes back what the gateway learned from a provider’s refusals; what a person pinned stays. Proven by turns that the provider answers afterwards; put back when they fail, and on request.',
  params: z.strictObject({
    wait_s: z.number().min(0).max(120).default(20).meta({
      description: 'How long to wait for a turn that shows whether it helped.',
    }),
  }),
  targets: ['provider', 'model'],
  guarded: true,
  timeoutMs: 150_000,
  lock: (target) => `lessons:${target}`,
  risk: () => 'reversible',
  async plan(context) {
    const id = providerOf(context);
    const lost = (await context.gateway.adaptations(id)).filter(isLost);
    return [
      ...lost.slice(0, 20).map(({ model, change }) => `Forget “${change}” for ${id}/${model}`),
      `Keep all ${lost.length} of it, so that it can be put back`,
      'Watch the next turns of the provider',
    ];
  },
  async precheck(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return view;
    const lost = (await context.gateway.adaptations(view.id)).filter(isLost);
    return lost.length === 0 ? 'nothing that could be wrong was learned of it' : null;
  },
  async snapshot(context) {
    return { adaptations: (await context.gateway.adaptations(providerOf(context))).filter(isLost) };
  },
  async perform(context) {
    const { gateway, actor, note, memory } = context;
    const lost = (await gateway.adaptations(providerOf(context))).filter(isLost);
    await gateway.forget(
      lost.map(({ id }) => id),
      actor,
    );
    memory.set('since', context.now());
    note('forgot what was learned', { count: lost.length });
  },
  async verify(context) {
    const { gateway, memory, signal, params, note } = context;
    const id = providerOf(context);
    const since = memory.get('since');
    if (typeof since !== 'number') return 'unknown';
    const until = performance.now() + params.wait_s * 1000;
    for (;;) {
      const turns = await gateway.turnsSince(id, since);
      // Turns that were under way still knew what is forgotten now: their failing says nothing yet.
      const over = signal.aborted || performance.now() >= until;
      if (turns.answered > 0 || (over && turns.failed > 0)) {
        note('turns since', turns);
        return turns.answered > 0 ? 'fixed' : 'not_fixed';
      }
      if (over) return 'unknown';
      await pause(250, signal);
    }
  },
  async rollback({ gateway }, snapshot) {
    await gateway.relearn((snapshot as { adaptations: Adaptation[] }).adaptations);
  },
  async restored(context, snapshot) {
    const now = new Set((await context.gateway.adaptations(providerOf(context))).map(({ id }) => id));
    return (snapshot as { adaptations: Adaptation[] }).adaptations.every(({ id }) => now.has(id));
  },
});
