import type { FinishReason } from '../canonical/index.ts';

/** `stop_reason` as canonical. Whether the turn ends in calls is decided by their presence, not by the word. */
export function decodeStopReason(word: string | undefined, calls: boolean): FinishReason {
  switch (word) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'refusal';
    case 'pause_turn':
      return 'pause';
    case 'stop_sequence':
      return calls ? 'tool-calls' : 'stop-sequence';
    default:
      if (calls) return 'tool-calls';
      return word === undefined ? 'unknown' : 'stop';
  }
}

/** Canonical reason as `stop_reason`. */
export function encodeStopReason(reason: FinishReason, calls: boolean): string {
  switch (reason) {
    case 'length':
      return 'max_tokens';
    case 'refusal':
    case 'content-filter':
      return 'refusal';
    case 'pause':
      return 'pause_turn';
    case 'stop-sequence':
      return 'stop_sequence';
    default:
      return calls ? 'tool_use' : 'end_turn';
  }
}
