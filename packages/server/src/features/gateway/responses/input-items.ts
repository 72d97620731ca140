import { joinItems } from '../core/response-head.ts';
import { historyOf } from './history.ts';
import type { KeptResponse } from './response-store.ts';

/** A page of `GET /v1/responses/{id}/input_items`. */
export interface ItemPage {
  object: 'list';
  data: Record<string, unknown>[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

/** @returns the page, or the words that say what is wrong with the query */
export function inputItemPage(kept: KeptResponse, query: URLSearchParams): ItemPage | string {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return '`limit` must be a number from 1 to 100.';
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') return '`order` must be asc or desc.';
  const all = itemsOf(kept);
  if (order === 'desc') all.reverse();
  const after = query.get('after');
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) return `\`after\` names no item of this response.`;
  const data = all.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: (data[0]?.['id'] as string | undefined) ?? null,
    last_id: (data.at(-1)?.['id'] as string | undefined) ?? null,
    has_more: start + limit < all.length,
  };
}

/** Everything the model was given, oldest first; what came without an id gets one that stays the same. */
function itemsOf(kept: KeptResponse): Record<string, unknown>[] {
  const before = kept.parent ? historyOf(kept.parent).items : [];
  const items = JSON.parse(`[${joinItems([...before, kept.input]).toString()}]`) as Record<string, unknown>[];
  for (const [at, item] of items.entries()) {
    item['type'] ??= 'message';
    item['id'] ??= `item_${kept.id.replace(/^resp_/, '')}_${at}`;
    const content = item['content'];
    if (typeof content === 'string') item['content'] = [{ type: 'input_text', text: content }];
  }
  return items;
}
