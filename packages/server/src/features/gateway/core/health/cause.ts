import type { FailureCause } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';

/**
 * What a failed attempt says about its provider; null: nothing, the request itself was at fault. Only what has a cause
 * counts against a provider's health.
 */
export function causeOf(error: WireError): FailureCause | null {
  switch (error.kind) {
    case 'rate-limited':
    case 'quota':
    case 'timeout':
    case 'not-found':
      return error.kind;
    case 'overloaded':
      return error.code === 'upstream_unreachable' ? 'connection' : 'overloaded';
    case 'server':
      return error.code === 'upstream_cut' ? 'connection' : 'server';
    case 'auth':
    case 'permission':
      return 'auth';
    case 'invalid-request':
    case 'context-length':
    case 'too-large':
    case 'content-filter':
    case 'cancelled':
      return null;
  }
}

/** Another model may take what was too long for this one, although nothing is wrong with either. */
export const worthAnother = (error: WireError): boolean =>
  error.kind === 'context-length' || causeOf(error) !== null;

/** Causes that concern the credential or the connection, whatever model was asked for. */
export const concernsProvider = (cause: FailureCause): boolean =>
  cause === 'auth' || cause === 'quota' || cause === 'connection';
