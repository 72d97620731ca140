import type { CallFailureCause } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';

const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT|UNABLE_TO_)/;
const UPGRADE =
  /upgrade[_ -]required|client version .{0,40}(?:too old|not supported)|please (?:update|upgrade) your client/i;
/** Cloudflare’s pages: 1009 country, 1010 browser signature, 1020 firewall rule. */
const BLOCKED = /\berror(?: code)?:? ?10(?:09|10|20)\b/i;

/** What a failed connection is, from the system’s code. */
function ofConnection(errno: string): CallFailureCause {
  if (errno === 'ENOTFOUND' || errno === 'EAI_AGAIN' || errno === 'EAI_FAIL') return 'dns';
  if (TLS.test(errno)) return 'tls';
  if (errno === 'ECONNREFUSED') return 'refused';
  if (errno === 'UND_ERR_CONNECT_TIMEOUT' || errno === 'ETIMEDOUT') return 'timeout';
  return 'reset';
}

/**
 * What the catalogue calls a failed call; null: it is the client’s or the gateway’s own affair.
 * @param errno the system’s code where the connection failed
 */
export function failureCause(error: WireError, errno: string | null): CallFailureCause | null {
  const { kind, code, status, message } = error;
  switch (kind) {
    case 'overloaded':
      return code === 'upstream_unreachable' ? ofConnection(errno ?? '') : 'overloaded';
    case 'server':
      return code === 'upstream_cut' ? 'reset' : 'server';
    case 'auth':
    case 'permission':
      if (UPGRADE.test(`${code ?? ''} ${message.slice(0, 2000)}`)) return 'upgrade-required';
      return BLOCKED.test(message.slice(0, 4000)) ? 'blocked' : 'auth';
    case 'invalid-request':
    case 'too-large':
      if (error.source !== 'upstream') return null;
      return status === 426 ? 'upgrade-required' : 'bad-request';
    case 'rate-limited':
    case 'quota':
    case 'timeout':
    case 'not-found':
    case 'context-length':
      return kind;
    case 'content-filter':
    case 'cancelled':
      return null;
  }
}
