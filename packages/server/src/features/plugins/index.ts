export type { PluginRuntime } from './runtime-face.ts';
export {
  createGatewayDataStore,
  createPluginChannels,
  createPluginLook,
  createPluginRuntime,
  pluginActions,
  pluginRuntimeRoutes,
} from './runtime/index.ts';
