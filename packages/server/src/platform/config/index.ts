export type {
  ConfigChange,
  ConfigPlan,
  ConfigSource,
  Configuration,
  ConfigState,
  ConfigWish,
} from './configuration.ts';
export { describeConfig } from './describe.ts';
export type { ConfigEdit } from './edit-yaml.ts';
export { loadConfig, type LoadOptions } from './load-config.ts';
export type { ConfigFlags } from './overrides.ts';
export { type ConfigProblem } from './problem.ts';
export { configJsonSchema } from './schema-keys.ts';
export { didYouMean } from './suggest.ts';
export { watchConfig } from './watch-config.ts';
export { writeConfigSchema } from './write-schema.ts';
export { readYaml, type YamlSource } from './yaml-source.ts';
export { pathsForRestart } from './restart.ts';
