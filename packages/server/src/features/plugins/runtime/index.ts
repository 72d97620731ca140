export { createGatewayDataStore } from './gateway-data-store.ts';
export { pluginActions } from './kinds/actions.ts';
export { createPluginLook } from './kinds/look.ts';
export { createPluginChannels } from './kinds/send.ts';
export { pluginRuntimeRoutes } from './routes.ts';
export { createPluginRuntime } from './runtime.ts';
