import type { MessagePort } from 'node:worker_threads';
import type { StoreWriter } from '../../../platform/store/writer.ts';
import { writeContents } from '../contents/write-contents.ts';
import { unpackTurns } from './pack-turns.ts';
import type { FromLedgerWorker, ToLedgerWorker } from './worker-messages.ts';
import { writeTurns } from './write-turns.ts';

/** The worker's side of the ledger: writes each batch and answers; closes `writer` at the end. */
export function serveLedger(port: MessagePort, writer: StoreWriter): void {
  const answer = (message: FromLedgerWorker): void => port.postMessage(message);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToLedgerWorker) => {
    last = last.then(async () => {
      if (message.type === 'close') {
        await writer.close();
        answer({ type: 'closed' });
        port.close();
        return;
      }
      if (message.type === 'contents') {
        // What was said is kept as well as can be; the ledger does not wait for it.
        await writeContents(writer, message.batch).catch((thrown: unknown) =>
          answer({
            type: 'contents-failed',
            message: thrown instanceof Error ? thrown.message : String(thrown),
          }),
        );
        return;
      }
      const { batch, packed, again } = message;
      try {
        const { turns, texts } = unpackTurns(packed);
        await writeTurns(writer, turns, { again, texts });
        answer({ type: 'written', batch });
      } catch (thrown) {
        answer({ type: 'failed', batch, message: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    });
  });
  answer({ type: 'ready' });
}
