/** The gateway as control sees it. The process itself is `process.ts`: control must not load what only turns need. */
export { readBudgetPaces } from './control/budget-pace.ts';
export { createGatewayFeature, type GatewayFeature } from './control/gateway-feature.ts';
export { createGatewayTargets } from './control/gateway-targets.ts';
export { spansAt } from './core/budget/spans.ts';
export { type ModelUse, readModelUse } from './ledger/device-use.ts';
export { createOwnModel } from './control/own-model.ts';
export { pruneContents } from './contents/prune-contents.ts';
export { readSessionUsage } from './ledger/session-usage.ts';
export { pruneTurns } from './ledger/prune-turns.ts';
export { gatewayRunPath, readRunFile, type GatewayRunFile } from './run-file.ts';
