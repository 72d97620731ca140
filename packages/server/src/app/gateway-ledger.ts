import { parentPort, workerData } from 'node:worker_threads';
import { serveLedger } from '../features/gateway/ledger/serve-ledger.ts';
import { openWriter } from '../platform/store/writer.ts';
import { stepBack } from '../platform/thread/step-back.ts';

/** What the gateway tells its ledger thread: which store to write to. The gateway itself has it open, and up to date. */
export type LedgerWorkerData = Parameters<typeof openWriter>[0];

// No turn waits for its row; on busy cores every turn would wait for this thread (`npm run bench -- --peers`).
stepBack();
// What goes wrong here is answered to the gateway, which logs it.
if (parentPort) serveLedger(parentPort, await openWriter(workerData as LedgerWorkerData));
