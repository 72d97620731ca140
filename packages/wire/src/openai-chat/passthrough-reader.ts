import type { Usage, WireError } from '../canonical/index.ts';
import { asList, asRecord, asText, parseRecord } from '../json/read.ts';
import type { PassthroughReader } from '../protocol.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeUsage } from './usage.ts';

/** `"finish_reason":null` stands in every ordinary chunk of some backends; only a quoted word is news. */
const NEWS = /"(?:usage|error)"\s*:\s*[{"]|"finish_reason"\s*:\s*"/;

/** Watches a Chat stream that is passed on untouched; chunks that only carry text are never parsed. */
export function createPassthroughReader(): PassthroughReader {
  let first = true;
  let usage: Usage | undefined;
  let finish: string | undefined;
  let error: WireError | undefined;
  let model: string | undefined;
  let id: string | undefined;
  let done = false;

  return {
    push(event) {
      if (event.comment) return false;
      if (event.data === '[DONE]') {
        done = true;
        return true;
      }
      if (!first && !NEWS.test(event.data)) return false;
      const chunk = parseRecord(event.data);
      if (!chunk) return true;
      if (first) {
        first = false;
        model = asText(chunk.model);
        id = asText(chunk.id);
      }
      const choice = asRecord(asList(chunk.choices)[0]);
      const failed = choice?.finish_reason === 'error';
      if (chunk.error || failed) error = readErrorBody(chunk.error ? chunk : choice);
      finish = asText(choice?.finish_reason) ?? finish;
      usage = decodeUsage(chunk.usage ?? asRecord(chunk.x_groq)?.usage) ?? usage;
      return true;
    },
    seen: () => ({
      ...(usage && { usage }),
      ...(finish !== undefined && { finish }),
      ...(error && { error }),
      ...(model !== undefined && { model }),
      ...(id !== undefined && { id }),
      terminal: done || finish !== undefined || error !== undefined,
    }),
  };
}
