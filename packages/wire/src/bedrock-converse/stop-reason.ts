import type { FinishReason, WireError } from '../canonical/index.ts';

/** `stopReason` as canonical. Whether the turn ends in calls is decided by their presence, not by the word. */
export function decodeStopReason(word: string | undefined, calls: boolean): FinishReason {
  switch (word) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'guardrail_intervened':
    case 'content_filtered':
      return 'content-filter';
    case 'refusal':
      return 'refusal';
    case 'stop_sequence':
      return calls ? 'tool-calls' : 'stop-sequence';
    default:
      if (calls) return 'tool-calls';
      return word === undefined ? 'unknown' : 'stop';
  }
}

/** Some words mean that there is no answer: the model wrote what Bedrock could not read. */
export function stopError(word: string | undefined): WireError | undefined {
  if (word !== 'malformed_tool_use' && word !== 'malformed_model_output') return undefined;
  const what = word === 'malformed_tool_use' ? 'a tool call' : 'an answer';
  return {
    kind: 'server',
    source: 'upstream',
    code: word,
    message: `the model wrote ${what} that Bedrock could not read (${word})`,
  };
}
