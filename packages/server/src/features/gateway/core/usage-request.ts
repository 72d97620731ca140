import type { BodyEdit } from './body-edit.ts';
import { readValue, type RequestHead } from './request-head.ts';

/** Larger options are nobody's; they are left as they are. */
const MAX_OPTIONS_BYTES = 1024;

/**
 * What makes a streamed Chat request ask for usage that its client did not ask for; null where it did, or where its
 * options are not to be understood. Servers send usage with a stream only when `stream_options.include_usage` says so:
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
 */
export function usageEdit(body: Buffer, { modelSpan, streamOptions: span }: RequestHead): BodyEdit | null {
  if (!span) {
    const at = modelSpan.end;
    return { span: { start: at, end: at }, text: ',"stream_options":{"include_usage":true}' };
  }
  if (span.end - span.start > MAX_OPTIONS_BYTES) return null;
  const options = readValue(body, span) ?? null;
  if (typeof options !== 'object' || Array.isArray(options)) return null;
  if (options !== null && 'include_usage' in options && options.include_usage === true) return null;
  return { span, text: JSON.stringify({ ...options, include_usage: true }) };
}
