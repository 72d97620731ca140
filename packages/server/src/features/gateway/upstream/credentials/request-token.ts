import type { WireError } from '@vigiles/wire';
import { openPool, requestOver } from '../pool.ts';

export interface TokenRequest {
  /** Where tokens are given out. */
  url: string;
  form: Readonly<Record<string, string>>;
  headers?: readonly string[];
  /** Texts that must never be seen again, whatever the endpoint answers. */
  secrets: readonly string[];
  /** Who wants it, for error messages: `The provider azure`. */
  who: string;
}

export type TokenAnswer =
  | { ok: true; fields: Record<string, unknown>; value: string; lifetimeMs: number }
  | { ok: false; error: WireError; refused: boolean };

/** A turn waits for at most this long, both tries together. */
const PATIENCE_MS = 8000;
const MAX_BYTES = 64 * 1024;

/** RFC 6749 lets an endpoint keep its token's lifetime to itself. */
const UNNAMED_LIFETIME_S = 1800;

/** Asks a token endpoint (RFC 6749 §5), a second time where it stumbles. Never rejects. */
export async function requestToken(
  request: TokenRequest,
  patienceMs: number = PATIENCE_MS,
): Promise<TokenAnswer> {
  const signal = AbortSignal.timeout(patienceMs);
  const first = await ask(request, signal);
  return first.ok || first.refused || signal.aborted ? first : ask(request, signal);
}

async function ask(request: TokenRequest, signal: AbortSignal): Promise<TokenAnswer> {
  const url = new URL(request.url);
  const pool = openPool(url.origin, { connectTimeoutMs: PATIENCE_MS });
  try {
    const answer = await requestOver(pool, {
      path: url.pathname + url.search,
      method: 'POST',
      headers: [
        'content-type',
        'application/x-www-form-urlencoded',
        'accept',
        'application/json',
        ...(request.headers ?? []),
      ],
      body: new URLSearchParams(request.form).toString(),
      signal,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error('its answer is too long');
      chunks.push(chunk);
    }
    return read(request, answer.statusCode, Buffer.concat(chunks).toString());
  } catch (thrown) {
    const why = signal.aborted ? 'it did not answer in time' : (thrown as Error).message;
    return unavailable(request, url, why);
  } finally {
    pool.destroy();
  }
}

function read(request: TokenRequest, status: number, text: string): TokenAnswer {
  const url = new URL(request.url);
  let fields: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) fields = parsed as Record<string, unknown>;
  } catch {
    // Said below, with the status.
  }
  const { access_token: value, expires_in: lifetime } = fields;
  if (status === 200 && typeof value === 'string' && value !== '') {
    const seconds = Number(lifetime);
    const lifetimeS = Number.isFinite(seconds) && seconds > 0 ? seconds : UNNAMED_LIFETIME_S;
    return { ok: true, fields, value, lifetimeMs: lifetimeS * 1000 };
  }
  if (status >= 500 || status === 429 || status === 200) {
    return unavailable(request, url, status === 200 ? 'it sent no access token' : `it answered ${status}`);
  }
  const code = typeof fields['error'] === 'string' ? fields['error'] : `status ${status}`;
  const words = typeof fields['error_description'] === 'string' ? `: ${fields['error_description']}` : '';
  const what =
    code === 'invalid_grant'
      ? 'the grant is no longer good (invalid_grant); sign in anew and put the new one into the configuration'
      : `it refused (${code})`;
  const message = hide(
    `${request.who} has no access token: ${url.host} says ${what}${words}`,
    request.secrets,
  );
  return {
    ok: false,
    refused: true,
    error: {
      kind: 'auth',
      source: 'gateway',
      code: 'upstream_oauth_refused',
      message: message.slice(0, 500),
    },
  };
}

function unavailable(request: TokenRequest, url: URL, why: string): TokenAnswer {
  const message = hide(
    `${request.who} has no access token: ${url.host} cannot be asked, ${why}`,
    request.secrets,
  );
  const error: WireError = {
    kind: 'overloaded',
    source: 'gateway',
    status: 503,
    code: 'upstream_oauth_unavailable',
    message: message.slice(0, 500),
    retryAfterMs: 5000,
  };
  return { ok: false, refused: false, error };
}

/** Endpoints have been seen to repeat in words what they were sent. */
function hide(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/[\p{Cc}]+/gu, ' ');
  for (const secret of secrets) if (secret.length >= 6) clean = clean.replaceAll(secret, '[redacted]');
  return clean;
}
