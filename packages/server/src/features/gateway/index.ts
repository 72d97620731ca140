/** The gateway as control sees it. The process itself is `process.ts`: control must not load what only turns need. */
export { createGatewayClient, type GatewayClient } from './control/gateway-client.ts';
export { createGatewayFeature, type GatewayFeature } from './control/gateway-feature.ts';
export { createGatewayLive } from './control/gateway-live.ts';
export { gatewayMigrations } from './ledger/migrations.ts';
export { gatewayRunPath, readRunFile, type GatewayRunFile } from './run-file.ts';
