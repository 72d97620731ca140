import { asRecord, asText, parseRecord } from '../json/read.ts';
import type { PassthroughReader } from '../protocol.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeUsage } from './usage.ts';

const WANTED = new Set([
  'response.created',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'error',
]);

/**
 * Reads usage and outcome of a stream that passes through untouched. Deltas are told by their event name alone; a
 * stream without event names costs one look at the start of each payload.
 */
export function createPassthroughReader(): PassthroughReader {
  const seen: ReturnType<PassthroughReader['seen']> = { terminal: false };
  return {
    push(event) {
      if (event.comment || !mayMatter(event.event, event.data)) return false;
      const data = parseRecord(event.data);
      const type = asText(data?.type) ?? event.event ?? '';
      const response = asRecord(data?.response);
      if (type === 'error' || (data?.error && !response)) {
        seen.terminal = true;
        seen.error = readErrorBody(data);
        return true;
      }
      if (!response || !WANTED.has(type)) return true;
      const id = asText(response.id);
      const model = asText(response.model);
      const usage = decodeUsage(response.usage);
      if (id) seen.id = id;
      if (model) seen.model = model;
      if (usage) seen.usage = usage;
      if (type === 'response.created') return true;
      seen.terminal = true;
      seen.finish = asText(asRecord(response.incomplete_details)?.reason) ?? type.slice('response.'.length);
      if (type === 'response.failed') seen.error = readErrorBody(response.error);
      return true;
    },
    seen: () => seen,
  };
}

function mayMatter(event: string | undefined, data: string): boolean {
  if (event) return WANTED.has(event);
  // Deltas are small and name their type early; anything that could be a snapshot or an error is parsed.
  const head = data.slice(0, 400);
  return !head.includes('.delta"') || data.includes('"response":') || data.includes('"error":');
}
