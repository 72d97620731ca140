export type { ConfigChange, Configuration, ConfigState } from './configuration.ts';
export type { ConfigEdit } from './edit-yaml.ts';
export { loadConfig, type LoadOptions } from './load-config.ts';
export type { ConfigFlags } from './overrides.ts';
export { type ConfigProblem } from './problem.ts';
export { configJsonSchema } from './schema-keys.ts';
export { watchConfig } from './watch-config.ts';
export { writeConfigSchema } from './write-schema.ts';
