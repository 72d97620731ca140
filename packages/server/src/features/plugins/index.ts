export { createPluginRepository } from './plugin-repository.ts';
export {
  createGatewayDataStore,
  createPluginChannels,
  createPluginLook,
  createPluginRuntime,
  pluginActions,
  pluginRuntimeRoutes,
} from './runtime/index.ts';
