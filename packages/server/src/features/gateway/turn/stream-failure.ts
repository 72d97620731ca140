import { protocols, SSE_DONE, sseData, sseEvent, type ProtocolName, type WireError } from '@vigiles/wire';
import { withRetryAdvice } from '../core/retry.ts';

/**
 * Ends a stream whose bytes passed through with what its client understands as a failure:
 * `response.failed` (Codex ignores a bare `error`), `event: error`, or an error chunk and `[DONE]`.
 */
export function streamFailure(
  protocol: ProtocolName,
  wireError: WireError,
  answer: { id: string; model: string; nowSeconds: number },
): string {
  const advised = withRetryAdvice(wireError);
  const { body } = protocols[protocol].encodeError(advised);
  if (protocol === 'openai-chat') return sseData(body) + SSE_DONE;
  if (protocol === 'gemini') return sseData(body);
  if (protocol === 'anthropic-messages') return sseEvent('error', body);
  const { code, message } = (body as { error: { code?: string | null; message: string } }).error;
  return sseEvent('response.failed', {
    type: 'response.failed',
    response: {
      id: answer.id,
      object: 'response',
      created_at: answer.nowSeconds,
      status: 'failed',
      model: answer.model,
      output: [],
      error: { code: code ?? 'server_error', message: withWait(message, advised) },
      usage: null,
    },
  });
}

/** A stream has no headers left: Codex reads the wait from these words. */
function withWait(message: string, { retryAfterMs }: WireError): string {
  if (retryAfterMs === undefined || /try again in/i.test(message)) return message;
  return `${message} Please try again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))}s.`;
}
