import { z } from 'zod';

/** Parts of Vigiles that a person can switch off and on, by the names the earlier server had for its services. */
export const FeatureName = z.enum(['web-proxy', 'plugin-repo', 'ok-gateway']);
export type FeatureName = z.output<typeof FeatureName>;

/** Hands on parts of Vigiles, provided by what composes them. */
export interface FeatureTargets {
  /** Whether it is on now, by the configuration in force. */
  isOn(feature: FeatureName): boolean;
  /** Writes it into vigiles.yaml. Throws when the file cannot be changed. */
  turn(feature: FeatureName, on: boolean, actor: string): Promise<void>;
}

export const noFeatures: FeatureTargets = {
  isOn: () => false,
  turn: () => Promise.reject(new Error('there is nothing to switch here')),
};
