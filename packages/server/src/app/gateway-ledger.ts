import { parentPort, workerData } from 'node:worker_threads';
import { serveLedger } from '../features/gateway/ledger/serve-ledger.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { createStore, type StoreOptions } from '../platform/store/index.ts';
import { migrations } from './migrations.ts';

/** What the gateway tells its ledger thread: which store to write to. */
export type LedgerWorkerData = Pick<StoreOptions, 'home' | 'url'>;

if (parentPort) {
  // What goes wrong here is answered to the gateway, which logs it.
  const store = await createStore({ ...(workerData as LedgerWorkerData), migrations, log: silentLog });
  const events = createEventLog({ store, log: silentLog });
  serveLedger(parentPort, events, store.dialect, () => store.close());
}
