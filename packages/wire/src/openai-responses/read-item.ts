import type { TurnEvent } from '../canonical/index.ts';
import type { JsonRecord } from '../json/read.ts';
import type { ItemContext } from './item-context.ts';
import type { ResponsesItem } from './schema.ts';

/** What all readers of one stream share. */
export interface ReadContext extends ItemContext {
  newId(prefix: string): string;
  emit(event: TurnEvent): void;
  /** The number of the next block. */
  nextIndex(): number;
}

/** Follows one output item through the stream. */
export interface ItemReader {
  /** An event that belongs to the item; `type` without the `response.` prefix. */
  event(type: string, data: JsonRecord): void;
  /** The item is over. With the whole item, everything the deltas left out is made up for. */
  done(item?: ResponsesItem): void;
}
