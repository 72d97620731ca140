import type { SessionEvent } from '@vigiles/contract';
import { placed, type SessionsKit } from '../kit.ts';
import { appendBatch } from './append-batch.ts';
import type { StagedBatch, WrittenBatch } from '../core/staged-event.ts';
import { tellOthers } from './tell-others.ts';

/** Writes gathered batches in one durable transaction; what was written goes out after the commit. */
export function createBatchWriter({ store, fanOut, newId }: SessionsKit) {
  return async (batches: readonly StagedBatch[]): Promise<readonly WrittenBatch[]> => {
    for (const sessionId of new Set(batches.map(({ sessionId: id }) => id))) await fanOut.follow(sessionId);
    const written = await store.statements<WrittenBatch[]>(
      async (run) => {
        const done: WrittenBatch[] = [];
        for (const batch of batches) done.push(await appendBatch(run, store.dialect, batch, newId));
        await tellOthers(run, store);
        return done;
      },
      { durable: true },
    );
    for (const [i, result] of written.entries()) {
      const batch = batches[i];
      if (!batch || result.gone) continue;
      fanOut.offer(batch.sessionId, eventsOf(batch, result));
    }
    return written;
  };
}

/** What a written batch added to its log, in its order. */
function eventsOf(batch: StagedBatch, written: Exclude<WrittenBatch, { gone: true }>): SessionEvent[] {
  const own = written.seqs.flatMap(({ seq, duplicate }, i) => {
    const event = batch.events[i];
    return event && !duplicate ? [placed(batch.sessionId, seq, event)] : [];
  });
  const added = written.added.map(({ seq, event }) => placed(batch.sessionId, seq, event));
  return added.length === 0 ? own : [...own, ...added].toSorted((a, b) => a.seq - b.seq);
}
