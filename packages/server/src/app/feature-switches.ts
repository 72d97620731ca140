import type { VigilesConfig } from '@vigiles/contract';
import { raise } from '../kernel/fault.ts';
import type { FeatureName, FeatureTargets } from '../features/actions/index.ts';
import type { ControlKit } from './extension.ts';

/** Where in vigiles.yaml each part is switched. */
const switches: Record<FeatureName, { path: string[]; isOn(config: VigilesConfig): boolean }> = {
  'web-proxy': { path: ['web', 'enabled'], isOn: ({ web }) => web.enabled },
  'plugin-repo': { path: ['plugins', 'enabled'], isOn: ({ plugins }) => plugins.enabled },
  'ok-gateway': { path: ['gateway', 'enabled'], isOn: ({ gateway }) => gateway.enabled },
};

/** Parts of Vigiles that the action runner may switch. */
export const featureSwitches = ({
  configuration,
  config,
}: Pick<ControlKit, 'configuration' | 'config'>): FeatureTargets => ({
  isOn: (feature) => switches[feature].isOn(config()),
  async turn(feature, on, actor) {
    const changed = await configuration.change([{ path: switches[feature].path, value: on }], actor);
    if (!changed.ok) raise(changed.fault);
  },
});
