import type { TurnEvent } from '../canonical/index.ts';
import { asCount, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext } from '../protocol.ts';
import { readItem } from './decode-response.ts';
import { createCallReader } from './read-call.ts';
import type { ItemReader, ReadContext } from './read-item.ts';
import { createMessageReader } from './read-message.ts';
import { createReasoningReader } from './read-reasoning.ts';
import { createWholeReader } from './read-whole.ts';
import type { ResponsesItem } from './schema.ts';

interface Slot {
  reader: ItemReader;
  id: string | undefined;
  done: boolean;
}

/** The items of one streamed answer, by place. */
export interface ItemTable {
  added(item: ResponsesItem, data: JsonRecord): void;
  done(item: ResponsesItem, data: JsonRecord): void;
  /** An event of one item, `type` without `response.`. */
  event(type: string, data: JsonRecord): void;
  /** The answer is over: unfinished items close, items that were never streamed are read from the snapshot. */
  complete(output: readonly unknown[]): void;
}

/** Items are found by `output_index` first: some providers rotate item ids within an answer. */
export function createItemTable(context: DecodeContext, emit: (event: TurnEvent) => void): ItemTable {
  const slots = new Map<number, Slot>();
  const placeById = new Map<string, number>();
  let blocks = 0;
  let last = -1;
  const read: ReadContext = {
    issuer: context.issuer,
    names: context.names,
    newId: context.newId,
    losses: [],
    emit,
    nextIndex: () => blocks++,
  };

  function newPlace(): number {
    let place = slots.size;
    while (slots.has(place)) place++;
    return place;
  }

  function open(item: ResponsesItem, place: number): Slot {
    const id = item.id ?? undefined;
    const slot = { reader: createReader(item, read), id, done: false };
    slots.set(place, slot);
    if (id) placeById.set(id, place);
    last = place;
    return slot;
  }

  function close(slot: Slot, item?: ResponsesItem): void {
    if (slot.done) return;
    slot.done = true;
    slot.reader.done(item);
  }

  function placeOf(data: JsonRecord, id: string | undefined): number | undefined {
    return asCount(data.output_index) ?? (id === undefined ? undefined : placeById.get(id));
  }

  return {
    added(item, data) {
      const place = asCount(data.output_index) ?? newPlace();
      const before = slots.get(place);
      if (before) {
        // Every item says it has no other place than 0: the old one moves aside.
        close(before);
        slots.set(newPlace(), before);
      }
      open(item, place);
    },
    done(item, data) {
      const id = item.id ?? undefined;
      const place = placeOf(data, id);
      const slot = place === undefined ? undefined : slots.get(place);
      if (slot && !slot.done) return close(slot, item);
      if (slot && slot.id === id) return;
      close(open(item, slot || place === undefined ? newPlace() : place), item);
    },
    event(type, data) {
      const id = asText(data.item_id);
      const place = placeOf(data, id) ?? (last === -1 ? 0 : last);
      const slot = slots.get(place) ?? open({ ...impliedItem(type, data), id }, place);
      if (!slot.done) slot.reader.event(type, data);
    },
    complete(output) {
      for (const [at, raw] of output.entries()) {
        const item = readItem(raw);
        if (!item) continue;
        const known = item.id ? placeById.get(item.id) : undefined;
        const slot = slots.get(known ?? at);
        close(slot ?? open(item, at), item);
      }
      for (const slot of slots.values()) close(slot);
    },
  };
}

function createReader(item: ResponsesItem, context: ReadContext): ItemReader {
  const id = item.id ?? undefined;
  if (item.type === 'message') return createMessageReader(id, context);
  if (item.type === 'reasoning') return createReasoningReader(id, context);
  if (item.type === 'function_call' || item.type === 'custom_tool_call')
    return createCallReader(item, context);
  return createWholeReader(item, context);
}

/** What an item must be when its `added` event never came. */
function impliedItem(type: string, data: JsonRecord): { type: string } {
  if (type.startsWith('function_call')) return { type: 'function_call' };
  if (type.startsWith('custom_tool_call')) return { type: 'custom_tool_call' };
  const isReasoning = type.startsWith('reasoning') || asRecord(data.part)?.type === 'reasoning_text';
  return { type: isReasoning ? 'reasoning' : 'message' };
}
