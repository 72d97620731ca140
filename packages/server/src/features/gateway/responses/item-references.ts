import type { WireError } from '@vigiles/wire';
import { gatewayError } from '../turn/send-error.ts';
import type { ResponseStore } from './response-store.ts';

type Item = Record<string, unknown>;

const REFERENCE = Buffer.from('"item_reference"');

/** Whether items are named instead of sent, as some packages do with what they believe to be stored. */
export const hasReferences = (items: Buffer): boolean => items.includes(REFERENCE);

/**
 * Puts kept items in the place of references to them, for providers that keep none.
 * @param items the inside of a JSON array
 */
export function resolveReferences(store: ResponseStore, owner: string, items: Buffer): Buffer | WireError {
  let list: Item[];
  try {
    list = JSON.parse(`[${items.toString()}]`) as Item[];
  } catch {
    // Whoever decodes it says where it is wrong.
    return items;
  }
  const known = new Map<string, Item>();
  for (const [at, item] of list.entries()) {
    if (item['type'] !== 'item_reference') continue;
    const id = String(item['id']);
    const found = known.get(id) ?? lookUp(store, owner, id, known);
    if (!found) {
      const message = `Item with id '${id.slice(0, 200)}' not found. Items are kept as long as the response they belong to.`;
      return gatewayError('not-found', message, { code: 'item_not_found', param: `input[${at}]` });
    }
    list[at] = found;
  }
  const text = JSON.stringify(list);
  return Buffer.from(text.slice(1, -1));
}

/** Finds an item in what was answered, newest first, and remembers its neighbours: they are asked for next. */
function lookUp(store: ResponseStore, owner: string, id: string, known: Map<string, Item>): Item | undefined {
  const name = Buffer.from(JSON.stringify(id));
  for (const { output } of store.of(owner)) {
    if (!output.includes(name)) continue;
    for (const item of JSON.parse(`[${output.toString()}]`) as Item[]) {
      if (typeof item['id'] === 'string') known.set(item['id'], item);
    }
    const found = known.get(id);
    if (found) return found;
  }
  return undefined;
}
