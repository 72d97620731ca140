import type { MessagePort } from 'node:worker_threads';
import type { Turn } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { Store } from '../../../platform/store/store.ts';
import type { FromLedgerWorker, ToLedgerWorker } from './worker-messages.ts';
import { writeTurns } from './write-turns.ts';

/** The worker's side of the ledger: writes each batch and answers. `close` closes what the worker opened. */
export function serveLedger(
  port: MessagePort,
  events: EventLog,
  dialect: Store['dialect'],
  close: () => Promise<void>,
): void {
  const answer = (message: FromLedgerWorker): void => port.postMessage(message);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToLedgerWorker) => {
    last = last.then(async () => {
      if (message.type === 'close') {
        await close();
        answer({ type: 'closed' });
        port.close();
        return;
      }
      const { batch, turns } = message;
      try {
        await writeTurns(events, dialect, JSON.parse(turns) as Turn[]);
        answer({ type: 'written', batch });
      } catch (thrown) {
        answer({ type: 'failed', batch, message: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    });
  });
  answer({ type: 'ready' });
}
