export type { PluginRuntime } from './runtime-face.ts';
