import type { WireError } from '@vigiles/wire';
import type { Upstream } from '../upstream/upstream.ts';

/** When a client should try again after a connection could not be made. */
const RETRY_AFTER_MS = 5000;

/**
 * What a failed connection means. `stale`: the provider closed a pooled connection before it answered, so the same
 * call may simply be sent again.
 */
export function connectionError(
  thrown: Error,
  upstream: Upstream | null,
  answering: boolean,
): { error: WireError; stale: boolean; errno: string } {
  const errno = codeOf(thrown);
  return { ...meaning(errno, upstream, answering), errno };
}

function meaning(
  code: string,
  upstream: Upstream | null,
  answering: boolean,
): { error: WireError; stale: boolean } {
  const name = upstream?.type.name ?? 'The provider';
  const where = upstream?.origin ?? '';
  if (answering)
    return {
      stale: false,
      error: server(`The connection to ${name} broke in the middle of the answer (${code}).`),
    };
  if (code === 'ECONNREFUSED') {
    const message = upstream?.local
      ? `${name} is not running: nothing listens at ${where}.`
      : `${name} refuses connections at ${where}.`;
    return { stale: false, error: unavailable(message) };
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return { stale: false, error: unavailable(`${name} did not accept a connection at ${where} in time.`) };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { stale: false, error: unavailable(`The address of ${name} could not be found (${where}).`) };
  }
  const stale = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
  return { stale, error: unavailable(`The connection to ${name} at ${where} failed (${code}).`) };
}

function codeOf(thrown: Error): string {
  const code = (thrown as { code?: unknown }).code;
  if (typeof code === 'string') return code;
  // Happy-eyeballs failures carry one error per address.
  const inner = (thrown as { errors?: unknown }).errors;
  const first: unknown = Array.isArray(inner) ? inner[0] : undefined;
  return first instanceof Error ? codeOf(first) : thrown.name;
}

const server = (message: string): WireError => ({
  kind: 'server',
  code: 'upstream_cut',
  message,
  source: 'upstream',
});

const unavailable = (message: string): WireError => ({
  kind: 'overloaded',
  code: 'upstream_unreachable',
  status: 503,
  message,
  source: 'gateway',
  retryAfterMs: RETRY_AFTER_MS,
});
