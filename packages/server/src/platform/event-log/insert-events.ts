import type { EventType } from '@vigiles/contract';
import type { Store } from '../store/store.ts';
import { commitChannel } from '../store/postgres/channel.ts';
import type { RunSql } from '../store/writer.ts';
import type { NewEvent } from './event-log.ts';

/** An event on its way in: everything but its place in the log. */
export interface StagedEvent {
  seq: number;
  id: string;
  type: string;
  ts: number;
  actor: string;
  subject: string;
  /** JSON text. */
  data: string;
}

/** An event that waits for its place. */
export const stageEvent = <T extends EventType>(
  type: T,
  { actor, subject, data }: NewEvent<T>,
  id: string,
  ts: number,
): StagedEvent => ({ seq: 0, id, type, ts, actor, subject, data: JSON.stringify(data) });

/** Rows per statement, largest first: few distinct texts, so that prepared statements are found again. */
const chunkSizes = [64, 16, 4, 1] as const;

/**
 * Writes the events and gives each its `seq`. Has to be the last thing in the transaction: the counter row
 * stays locked until the commit, which is what makes the order of `seq` the order of commits on both databases.
 */
export async function insertEvents(
  store: Pick<Store, 'dialect' | 'instance'>,
  run: RunSql,
  events: readonly StagedEvent[],
): Promise<void> {
  let seq = (await takeSeqs(store, run, events.length)) - events.length;
  for (const event of events) event.seq = seq += 1;
  let done = 0;
  for (const size of chunkSizes) {
    for (; events.length - done >= size; done += size) {
      const parameters: unknown[] = [];
      for (let i = done; i < done + size; i += 1) {
        const event = events[i] as StagedEvent;
        parameters.push(event.seq, event.id, event.type, event.ts, event.actor, event.subject, event.data);
      }
      await run(insertText(store.dialect, size), parameters);
    }
  }
}

/** Moves the head by `count` and returns it. PostgreSQL tells the other processes when this commits. */
async function takeSeqs(
  store: Pick<Store, 'dialect' | 'instance'>,
  run: RunSql,
  count: number,
): Promise<number> {
  const rows =
    store.dialect === 'postgres'
      ? await run(
          `update event_head set seq = seq + $1 where id = 1 returning seq, pg_notify('${commitChannel}', $2)`,
          [count, store.instance],
        )
      : await run('update event_head set seq = seq + ? where id = 1 returning seq', [count]);
  const head = rows[0]?.['seq'];
  if (typeof head !== 'number') throw new Error('The event log has no head row');
  return head;
}

const texts = new Map<string, string>();
const columnCount = 7;

function insertText(dialect: Store['dialect'], rows: number): string {
  const key = `${dialect} ${rows}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const groups: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const marks = Array.from({ length: columnCount }, (_, i) =>
      dialect === 'postgres' ? `$${row * columnCount + i + 1}` : '?',
    );
    groups.push(`(${marks.join(',')})`);
  }
  const text = `insert into event (seq, id, type, ts, actor, subject, data) values ${groups.join(',')}`;
  texts.set(key, text);
  return text;
}
