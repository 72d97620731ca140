import type { ModelInfo } from '@vigiles/contract';
import { abilitiesOf } from './model-infos.ts';
import type { UpstreamTable } from '../upstream/upstream-table.ts';

/** One list that OpenAI and Anthropic clients both accept. */
export interface ModelList {
  object: 'list';
  data: {
    id: string;
    object: 'model';
    created: number;
    owned_by: string;
    type: 'model';
    display_name: string;
    created_at: string;
    /** Absent: not known. Not OpenAI's fields; clients of theirs pass over them. */
    context_window?: number;
    max_output_tokens?: number;
    abilities?: ModelInfo['abilities'];
  }[];
  has_more: false;
  first_id: string | null;
  last_id: string | null;
}

/**
 * Every model under `provider/model`, the name that is never ambiguous, and under its own where only one has it; then the
 * names that only routes have.
 */
export function modelList(table: UpstreamTable, nowMs: number, aliases: readonly string[]): ModelList {
  const holders = new Map<string, number>();
  const all = table.list().flatMap((upstream) => upstream.models.map((model) => ({ upstream, model })));
  for (const { model } of all) holders.set(model, (holders.get(model) ?? 0) + 1);
  const data: ModelList['data'] = [];
  for (const { upstream, model } of all) {
    const { contextWindow, maxOutputTokens, abilities } = upstream.facts(model);
    const names = holders.get(model) === 1 ? [model, `${upstream.id}/${model}`] : [`${upstream.id}/${model}`];
    for (const id of names) {
      data.push({
        id,
        object: 'model',
        created: Math.floor(nowMs / 1000),
        owned_by: upstream.id,
        type: 'model',
        display_name: `${model} (${upstream.type.name})`,
        created_at: new Date(nowMs).toISOString(),
        ...(contextWindow !== null && { context_window: contextWindow }),
        ...(maxOutputTokens !== null && { max_output_tokens: maxOutputTokens }),
        ...(Object.values(abilities).some((said) => said !== null) && { abilities: abilitiesOf(abilities) }),
      });
    }
  }
  const known = new Set(data.map(({ id }) => id));
  for (const id of aliases) {
    if (known.has(id)) continue;
    known.add(id);
    data.push({
      id,
      object: 'model',
      created: Math.floor(nowMs / 1000),
      owned_by: 'vigiles',
      type: 'model',
      display_name: `${id} (route)`,
      created_at: new Date(nowMs).toISOString(),
    });
  }
  return {
    object: 'list',
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
