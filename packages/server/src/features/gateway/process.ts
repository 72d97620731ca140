/** What the gateway's own process is made of. */
export { createAdaptationStore } from './adaptations/adaptation-store.ts';
export type { CircuitChange } from './core/health/health.ts';
export { createSoloGate } from './core/solo-gate.ts';
export { createGateway, type Gateway, type GatewayOptions } from './create-gateway.ts';
export type { AccountTokens, RefreshTokens } from './upstream/credentials/credentials.ts';
export { createLedger, type Ledger, type LedgerSink } from './ledger/ledger.ts';
export { budgetRules } from './core/budget/from-config.ts';
export { extrasOf } from './plugins/extras.ts';
export { createOverrideStore } from './overrides/override-store.ts';
export { createCardKeeper } from './ledger/keep-rate-cards.ts';
export { readSpent } from './ledger/spent.ts';
export { createBudgetTeller } from './ledger/tell-budgets.ts';
export { createSharedGate } from './shared-gate/shared-gate.ts';
export { createWorkerSink } from './ledger/worker-sink.ts';
export { createModelMemory } from './upstream/model-metadata/model-memory.ts';
export { removeRunFile, writeRunFile } from './run-file.ts';
