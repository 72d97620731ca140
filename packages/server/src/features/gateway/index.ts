export { createGateway, type Gateway, type GatewayOptions } from './create-gateway.ts';
export { createLedger, type Ledger, type LedgerSink } from './ledger/ledger.ts';
export { gatewayMigrations } from './ledger/migrations.ts';
export { serveLedger } from './ledger/serve-ledger.ts';
export { readSpent } from './ledger/spent.ts';
export { createWorkerSink } from './ledger/worker-sink.ts';
