import type { FinishReason, WireError } from '../canonical/index.ts';
import { asText, type JsonRecord } from '../json/read.ts';

/** Words for an answer that was withheld. */
const FILTERED: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'LANGUAGE',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** Words for an answer that is none, and what they mean. */
const FAILED: Record<string, string> = {
  MALFORMED_FUNCTION_CALL: 'the model wrote a function call that cannot be read',
  UNEXPECTED_TOOL_CALL: 'the model called a function although none was offered',
  TOO_MANY_TOOL_CALLS: 'the model called functions too often in a row',
  MISSING_THOUGHT_SIGNATURE: 'a thought signature is missing from the history',
  MALFORMED_RESPONSE: 'the model wrote an answer that cannot be read',
};

/** `finishReason` as canonical. Gemini ends turns with calls by `STOP` as well. */
export function decodeFinishReason(word: string | undefined, calls: boolean): FinishReason {
  if (word === 'MAX_TOKENS') return 'length';
  if (word !== undefined && FILTERED.has(word)) return 'content-filter';
  if (calls) return 'tool-calls';
  return word === 'STOP' ? 'stop' : 'unknown';
}

/** The error that a finish reason stands for, if it is one: such an answer is no answer. */
export function finishError(candidate: JsonRecord): WireError | undefined {
  const word = asText(candidate.finishReason);
  if (word === undefined || !Object.hasOwn(FAILED, word)) return undefined;
  const said = asText(candidate.finishMessage);
  return {
    kind: 'server',
    source: 'upstream',
    code: word.toLowerCase(),
    message: `${FAILED[word] ?? word} (${word})${said === undefined ? '' : `: ${said.slice(0, 500)}`}`,
  };
}

/** Canonical reason as `finishReason`. */
export function encodeFinishReason(reason: FinishReason): string {
  switch (reason) {
    case 'length':
      return 'MAX_TOKENS';
    case 'content-filter':
    case 'refusal':
      return 'SAFETY';
    case 'error':
    case 'unknown':
      return 'OTHER';
    default:
      return 'STOP';
  }
}
