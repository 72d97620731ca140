import type { FinishReason } from '../canonical/index.ts';

/** What was in the answer; it decides over the provider's own word. */
export interface AnswerShape {
  calls: boolean;
  refusal: boolean;
}

/**
 * Chat's `finish_reason` as canonical. `stop`, `tool_calls` and their look-alikes are decided by what is really there:
 * many backends send calls with `stop`, some say `tool_calls` and send none.
 */
export function decodeFinishReason(word: string | undefined, { calls, refusal }: AnswerShape): FinishReason {
  switch (word) {
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'content_filter':
    case 'safety':
      return 'content-filter';
    case 'error':
      return 'error';
    default:
      if (calls) return 'tool-calls';
      if (refusal) return 'refusal';
      return word === undefined ? 'unknown' : 'stop';
  }
}

/** Canonical reason as Chat's `finish_reason`. */
export function encodeFinishReason(reason: FinishReason, { calls, refusal }: AnswerShape): string {
  switch (reason) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      // OpenAI ends a refusal that is written in `refusal` with `stop`.
      return refusal ? 'stop' : 'content_filter';
    default:
      return calls ? 'tool_calls' : 'stop';
  }
}
