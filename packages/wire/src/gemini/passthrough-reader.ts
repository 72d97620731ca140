import type { WireError } from '../canonical/index.ts';
import { asList, asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { PassthroughReader } from '../protocol.ts';
import { isBlocked } from './decode-response.ts';
import { decodeErrorBody } from './error.ts';
import { decodeUsage } from './usage.ts';

/** Watches a Gemini stream that is passed on untouched. Usage is in every event and grows: only the last one counts. */
export function createPassthroughReader(): PassthroughReader {
  /** The last event with usage, unparsed until somebody asks. */
  let last: string | undefined;
  let finish: string | undefined;
  let error: WireError | undefined;
  let head: JsonRecord | undefined;

  return {
    push({ data, event }) {
      const counts = data.includes('"usageMetadata"');
      if (counts) last = data;
      const news = !head || data.includes('"finishReason"') || data.includes('"promptFeedback"');
      if (!news && event !== 'error' && !/^\s*\{\s*"error"/.test(data)) return counts;
      const chunk = parseRecord(data);
      if (!chunk) return true;
      if (chunk.error) error = decodeErrorBody(chunk);
      else {
        head ??= chunk;
        const candidate = asRecord(asList(chunk.candidates)[0]);
        finish = asText(candidate?.finishReason) ?? finish;
        if (isBlocked(chunk)) finish ??= 'PROMPT_BLOCKED';
      }
      return true;
    },
    seen() {
      const usage = last === undefined ? undefined : decodeUsage(parseRecord(last)?.usageMetadata);
      const model = asText(head?.modelVersion);
      const id = asText(head?.responseId);
      return {
        ...(usage && { usage }),
        ...(finish !== undefined && { finish }),
        ...(error && { error }),
        ...(model !== undefined && { model }),
        ...(id !== undefined && { id }),
        terminal: finish !== undefined || error !== undefined,
      };
    },
  };
}
