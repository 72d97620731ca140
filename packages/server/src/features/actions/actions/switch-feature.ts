import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import { FeatureName } from '../feature-targets.ts';

const Snapshot = z.object({ on: z.boolean() });

/** Switches a part of Vigiles on or off, or off and on again; in vigiles.yaml, so that it stays so. */
export const action = defineAction({
  id: 'switch_feature',
  title: 'Switch a part of Vigiles',
  description:
    'Switches the reader of web pages, the plugin repository or the gateway on or off in vigiles.yaml. Proven by the configuration in force; what it was before can be put back.',
  params: z.strictObject({ feature: FeatureName, state: z.enum(['start', 'stop', 'restart']) }),
  targets: ['host'],
  guarded: false,
  timeoutMs: 30_000,
  lock: () => 'features',
  risk: () => 'reversible',
  riskAtMost: 'reversible',
  plan: ({ params: { feature, state } }) =>
    state === 'restart'
      ? [`Switch ${feature} off in vigiles.yaml`, 'Switch it on again']
      : [`Switch ${feature} ${state === 'start' ? 'on' : 'off'} in vigiles.yaml`],
  precheck: () => null,
  async perform({ features, params: { feature, state }, actor, note }) {
    if (state === 'restart' && features.isOn(feature)) {
      await features.turn(feature, false, actor);
      note(`${feature} is off`);
    }
    const on = state !== 'stop';
    if (features.isOn(feature) === on) return note(`${feature} was ${on ? 'on' : 'off'} already`);
    await features.turn(feature, on, actor);
    return note(`${feature} is ${on ? 'on' : 'off'}`);
  },
  verify: async ({ features, params: { feature, state } }) =>
    features.isOn(feature) === (state !== 'stop') ? 'fixed' : 'not_fixed',
  snapshot: async ({ features, params }) => ({ on: features.isOn(params.feature) }),
  async rollback({ features, params, actor }, snapshot) {
    await features.turn(params.feature, Snapshot.parse(snapshot).on, actor);
  },
  restored: ({ features, params }, snapshot) => features.isOn(params.feature) === Snapshot.parse(snapshot).on,
});
