import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import {
  endOverride,
  overrideEnded,
  overrideSnapshot,
  ownOverride,
  setOverride,
} from '../override-action.ts';
import { lookAtProvider, timeOf } from '../provider-target.ts';

/** No provider is waited for longer than this, whatever is asked. */
const longestIdleS = 1800;
const longestConnectS = 120;

const raised = (now: number, factor: number, longest: number) =>
  Math.min(longest, Math.max(now, Math.round(now * factor)));

/** Gives a slow provider more time, for a while. */
export const action = defineAction({
  id: 'increase_timeout',
  title: 'Give a provider more time',
  description:
    'Raises how long the gateway waits for one provider: at most to 30 minutes of silence and 2 minutes for a connection. Nothing is written to vigiles.yaml; it ends by itself and can be undone. Whether it helped, the next turns show.',
  params: z.strictObject({
    factor: z.number().min(1.1).max(10).default(2),
    for_s: z.number().min(1).max(86_400).default(3600).meta({ description: 'How long it holds.' }),
  }),
  targets: ['provider', 'model'],
  guarded: true,
  timeoutMs: 15_000,
  lock: (target) => `provider:${target}`,
  risk: () => 'reversible',
  async plan(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return [];
    const { factor, for_s } = context.params;
    return [
      `Wait for ${view.id} up to ${raised(view.idleTimeoutS, factor, longestIdleS)} s in silence, not ${view.idleTimeoutS} s`,
      `Wait up to ${raised(view.connectTimeoutS, factor, longestConnectS)} s for a connection, not ${view.connectTimeoutS} s`,
      `End that at ${timeOf(context.now() + for_s * 1000)} UTC`,
    ];
  },
  async precheck(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return view;
    const { idleTimeoutS, connectTimeoutS } = view;
    return idleTimeoutS >= longestIdleS && connectTimeoutS >= longestConnectS
      ? 'it has all the time it may have'
      : null;
  },
  snapshot: overrideSnapshot,
  async perform(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') throw new Error(view);
    const { factor, for_s } = context.params;
    await setOverride(context, {
      idleTimeoutS: raised(view.idleTimeoutS, factor, longestIdleS),
      connectTimeoutS: raised(view.connectTimeoutS, factor, longestConnectS),
      until: context.now() + for_s * 1000,
    });
  },
  // More time is no answer yet.
  verify: async (context) => ((await ownOverride(context)) ? 'unknown' : 'not_fixed'),
  rollback: endOverride,
  restored: overrideEnded,
});
