/**
 * Why the model stopped. `tool-calls` is derived from the presence of a call, never from the vendor's word alone:
 * some providers send calls with `finish_reason:"stop"`.
 */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  | 'pause'
  | 'error'
  | 'unknown';
