import { openSignature, sealSignature } from '../reasoning/index.ts';
import type { ResponsesItem } from './schema.ts';

/** Stands where a signature names its issuer: the gateway itself wrote the summary. */
const ISSUER = 'vigiles-compaction';

/** Item types that stand for an earlier part of a conversation. */
const TYPES = new Set(['compaction', 'compaction_summary']);

/** A summary as the `encrypted_content` of a `compaction` item: the client keeps it and sends it back untouched. */
export function sealCompaction(summary: string): string {
  return sealSignature({ issuer: ISSUER, kind: 'encrypted', data: '', text: summary });
}

/** The summary in a `compaction` item that the gateway made; undefined where a provider made it, or it is none. */
export function openCompaction(item: Pick<ResponsesItem, 'type' | 'encrypted_content'>): string | undefined {
  if (!item.encrypted_content || !TYPES.has(item.type ?? '')) return undefined;
  const { issuer, text } = openSignature(item.encrypted_content, '');
  return issuer === ISSUER ? text : undefined;
}

/** How a summary is shown to the model that goes on from it. */
export function restoredSummary(summary: string): string {
  return `The earlier part of this conversation was replaced by this summary of it:\n\n${summary}`;
}
