export { createPluginRepository } from './plugin-repository.ts';
export { readPublishedBytes } from './published-bytes.ts';
export {
  createGatewayDataStore,
  createPluginChannels,
  createPluginLook,
  createPluginRuntime,
  pluginActions,
  pluginRuntimeRoutes,
} from './runtime/index.ts';
