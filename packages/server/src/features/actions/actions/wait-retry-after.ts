import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import { endOverride, overrideEnded, overrideSnapshot, setOverride } from '../override-action.ts';
import { lookAtProvider, providerOf, timeOf } from '../provider-target.ts';

/** Whatever a provider names: accounts are topped up and limits lifted sooner. */
const longestMs = 600_000;

const params = z
  .strictObject({
    retry_after_s: z.number().min(0).optional().meta({ description: 'As the provider named it.' }),
    until: z.number().optional().meta({ description: 'UTC milliseconds; instead of retry_after_s.' }),
  })
  .refine(({ retry_after_s, until }) => retry_after_s === undefined || until === undefined, {
    message: 'goes without retry_after_s',
    path: ['until'],
  });

const defaultMs = 30_000;

const untilOf = ({ retry_after_s, until }: z.output<typeof params>, now: number): number =>
  Math.min(now + longestMs, until ?? now + (retry_after_s === undefined ? defaultMs : retry_after_s * 1000));

/** Takes a provider at its word: leaves it alone until the time it named. */
export const action = defineAction({
  id: 'wait_retry_after',
  title: 'Wait as the provider asks',
  description:
    'Sends a provider nothing until the time it named, at most 10 minutes; turns that may go elsewhere do. Proven by the provider answering afterwards.',
  params,
  targets: ['provider', 'model'],
  guarded: false,
  timeoutMs: longestMs + 60_000,
  lock: (target) => `provider:${target}`,
  risk: () => 'reversible',
  plan: (context) => [
    `Send ${providerOf(context)} nothing until ${timeOf(untilOf(context.params, context.now()))} UTC`,
    'Then ask it whether it answers',
  ],
  async precheck(context) {
    const view = await lookAtProvider(context);
    if (typeof view === 'string') return view;
    return untilOf(context.params, context.now()) <= context.now() ? 'the time it named is over' : null;
  },
  snapshot: overrideSnapshot,
  async perform(context) {
    const until = untilOf(context.params, context.now());
    await setOverride(context, { hold: true, until });
    const { signal } = context;
    const left = Math.max(0, until - context.now());
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, left);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(new Error('stopped waiting'));
        },
        { once: true },
      );
    });
  },
  async verify(context) {
    const probed = await context.gateway.probe(providerOf(context), context.signal);
    if (!probed) return 'unknown';
    context.note('asked the provider', probed);
    return probed.ok ? 'fixed' : 'not_fixed';
  },
  rollback: endOverride,
  restored: overrideEnded,
});
