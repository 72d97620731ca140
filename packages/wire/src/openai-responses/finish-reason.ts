import type { FinishReason } from '../canonical/index.ts';

/** How a Responses answer ends: its status and, when incomplete, why. */
export interface ResponsesEnding {
  status: 'completed' | 'incomplete' | 'failed';
  incompleteReason?: string;
}

/** `calls` and `refused` come from the answer itself: the status does not tell them. */
export function decodeFinish(
  status: unknown,
  incompleteReason: unknown,
  { calls, refused }: { calls: boolean; refused: boolean },
): FinishReason {
  if (incompleteReason === 'content_filter') return 'content-filter';
  if (incompleteReason === 'max_output_tokens' || incompleteReason === 'max_tokens') return 'length';
  if (status === 'failed' || status === 'cancelled') return 'error';
  if (status === 'incomplete') return 'unknown';
  if (calls) return 'tool-calls';
  return refused ? 'refusal' : 'stop';
}

/** Only a cut answer is `incomplete`: Codex treats that as an error. */
export function encodeFinish(reason: FinishReason): ResponsesEnding {
  if (reason === 'length') return { status: 'incomplete', incompleteReason: 'max_output_tokens' };
  if (reason === 'content-filter') return { status: 'incomplete', incompleteReason: 'content_filter' };
  return { status: reason === 'error' ? 'failed' : 'completed' };
}
