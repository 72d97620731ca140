import type { FaultKind } from '@vigiles/contract';

export type { FaultKind };

/** An expected failure, as a value. `code` is stable and documented; `message` is for people. */
export interface Fault {
  code: string;
  kind: FaultKind;
  message: string;
  retryable: boolean;
  /** Extra facts for the caller; never secrets. */
  details?: Record<string, unknown>;
  /** When the caller may try again, milliseconds from now. */
  retryAfterMs?: number;
  cause?: unknown;
}

export type Result<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (fault: Fault): { ok: false; fault: Fault } => ({ ok: false, fault });

const retryableKinds = new Set<FaultKind>(['rate-limited', 'upstream', 'timeout', 'unavailable']);

/** Makes a fault; `retryable` follows from its kind unless said otherwise. */
export function fault(
  kind: FaultKind,
  code: string,
  message: string,
  more: Partial<Omit<Fault, 'kind' | 'code' | 'message'>> = {},
): Fault {
  return { kind, code, message, retryable: retryableKinds.has(kind), ...more };
}

/** Carries a fault through code that can only throw. Made into an HTTP envelope at the edge. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(carried: Fault) {
    super(carried.message, carried.cause === undefined ? {} : { cause: carried.cause });
    this.name = 'FaultError';
    this.fault = carried;
  }
}

/** Throws a fault: for handlers, whose edge turns it into the error envelope. */
export function raise(carried: Fault): never {
  throw new FaultError(carried);
}

/** Any thrown thing as a fault; what is not one of ours becomes `internal` without leaking its text. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  return fault('internal', 'internal_error', 'Something went wrong inside Vigiles; the log has the cause.', {
    cause: thrown,
  });
}
