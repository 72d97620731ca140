import type { VigilesEvent } from '@vigiles/contract';
import type { EventStore } from './event-store.ts';

/**
 * Fills the store with the end of the log. What happened after the page was opened goes through the batch handlers
 * like any live event: a list that was read before it happened has it only from there.
 *
 * `openedAt` is UTC milliseconds; `headSeq` is the end of the log as the server told it, for an empty page.
 */
export function takeFirstPage(
  store: EventStore,
  events: readonly VigilesEvent[],
  headSeq: number,
  openedAt: number,
): void {
  const found = events.findIndex(({ ts }) => ts >= openedAt);
  const at = found === -1 ? events.length : found;
  const before = events.slice(0, at);
  const firstNew = events[at];
  store.reset(before, before.at(-1)?.seq ?? (firstNew ? firstNew.seq - 1 : headSeq));
  for (const event of events.slice(at)) store.push(event);
}
