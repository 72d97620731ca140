import type { WireError } from '../canonical/index.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { PassthroughReader } from '../protocol.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

/** Events that carry news, where the `event:` line is missing. */
const NEWS = /^\s*\{\s*"type"\s*:\s*"(?:message_start|message_delta|message_stop|error)"/;
const NAMES: ReadonlySet<string> = new Set(['message_start', 'message_delta', 'message_stop', 'error']);

/** Watches a Messages stream that is passed on untouched; content blocks are never parsed. */
export function createPassthroughReader(): PassthroughReader {
  let usage: JsonRecord | undefined;
  let finish: string | undefined;
  let error: WireError | undefined;
  let model: string | undefined;
  let id: string | undefined;
  let stopped = false;

  return {
    push(event) {
      if (event.event === undefined ? !NEWS.test(event.data) : !NAMES.has(event.event)) return false;
      const data = parseRecord(event.data);
      if (!data) return true;
      const type = data.type ?? event.event;
      if (type === 'message_start') {
        const message = asRecord(data.message);
        id = asText(message?.id);
        model = asText(message?.model);
        usage = mergeUsage(usage, message?.usage);
      } else if (type === 'message_delta') {
        finish = asText(asRecord(data.delta)?.stop_reason) ?? finish;
        usage = mergeUsage(usage, data.usage);
      } else if (type === 'error') error = readErrorBody(data);
      else stopped = true;
      return true;
    },
    seen() {
      const counted = decodeUsage(usage);
      return {
        ...(counted && { usage: counted }),
        ...(finish !== undefined && { finish }),
        ...(error && { error }),
        ...(model !== undefined && { model }),
        ...(id !== undefined && { id }),
        terminal: stopped || finish !== undefined || error !== undefined,
      };
    },
  };
}
