import type { WireError } from '../canonical/index.ts';
import { asRecord, asText, type JsonRecord } from '../json/read.ts';
import { classifyError } from './classify-error.ts';
import { parseRetryAfter, parseRetryWords } from './retry-after.ts';

const MAX_MESSAGE = 2000;

/**
 * An HTTP error of a provider. Bodies differ: `{error: {…}}`, `{type: "error", error: {…}}`, `{error: "…"}`,
 * `{detail}`, `{message}`, plain text, a proxy's web page.
 */
export function readHttpError(
  status: number,
  headers: Record<string, string | undefined>,
  body: unknown,
): WireError {
  const error = readErrorBody(body, status);
  // A date in `retry-after` counts from the answer's own clock: this package has none.
  const wait = parseRetryAfter(headers, Date.parse(headers.date ?? ''), error.message);
  if (wait !== undefined && Number.isFinite(wait)) error.retryAfterMs = wait;
  const requestId = asText(headers['request-id']) ?? asText(headers['x-request-id']);
  if (requestId !== undefined) error.requestId ??= requestId;
  return error;
}

/** The error object inside an answer or a stream event. `status`: of the HTTP answer; a numeric `code` is one, too. */
export function readErrorBody(body: unknown, status?: number): WireError {
  const outer = asRecord(body);
  const inner = asRecord(outer?.error);
  const error = inner ?? outer;
  const message = readMessage(body, outer, error) ?? `the provider answered ${status ?? 'with an error'}`;
  const found =
    status !== undefined && status >= 400 ? status : (asStatus(error?.code) ?? asStatus(error?.status));
  const code = asText(error?.code);
  const type = inner || error?.type !== 'error' ? asText(error?.type) : undefined;
  const decoded: WireError = {
    kind: classifyError({ status: found, code, type, message }),
    message: message.slice(0, MAX_MESSAGE),
    source: 'upstream',
  };
  if (found !== undefined) decoded.status = found;
  if (code ?? type) decoded.code = code ?? type ?? '';
  const param = asText(error?.param);
  if (param !== undefined) decoded.param = param;
  const wait = parseRetryWords(message);
  if (wait !== undefined) decoded.retryAfterMs = wait;
  const requestId = asText(outer?.request_id);
  if (requestId !== undefined) decoded.requestId = requestId;
  return decoded;
}

function asStatus(value: unknown): number | undefined {
  const status = Number(value);
  return status >= 400 && status < 600 ? status : undefined;
}

function readMessage(
  body: unknown,
  outer: JsonRecord | undefined,
  error: JsonRecord | undefined,
): string | undefined {
  if (typeof body === 'string') return plainText(body.trim());
  const message = asText(error?.message) ?? asText(outer?.error) ?? asText(outer?.message);
  // OpenRouter hides the provider's own words in metadata.raw behind "Provider returned error".
  const raw = asText(asRecord(error?.metadata)?.raw);
  if (message !== undefined && raw !== undefined) return `${message}: ${raw}`;
  if (message !== undefined) return message;
  const detail = outer?.detail ?? error?.detail;
  return asText(detail) ?? (detail === undefined || detail === null ? undefined : JSON.stringify(detail));
}

/** Cloudflare’s own number of a refusal: 1010 is a browser signature it dislikes. */
const pageCode = /\berror(?: code)?:?\s{0,4}(?:<[^>]{0,200}>\s{0,4})?(1\d{3})\b/i;

/** Proxies answer with HTML; its title and its code say more than its markup. */
function plainText(text: string): string | undefined {
  if (!text.startsWith('<')) return text || undefined;
  const page = text.slice(0, 20_000);
  const title = /<title>([^<]*)<\/title>/i.exec(page)?.[1]?.trim() || 'the provider answered with a web page';
  const code = pageCode.exec(page)?.[1];
  return code === undefined || title.includes(code) ? title : `${title} (error code: ${code})`;
}
