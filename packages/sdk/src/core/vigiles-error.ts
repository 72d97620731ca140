/** Why a call did not succeed. */
export interface ErrorParts {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The server's code, or `network_error`. */
  code: string;
  message: string;
  /** When the server wants to be asked again, milliseconds from now. */
  retryAfterMs?: number | undefined;
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** A refusal of the server, or no answer at all. */
export class VigilesError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly details: Record<string, unknown>;
  constructor({ status, code, message, retryAfterMs, details, cause }: ErrorParts) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'VigilesError';
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs ?? null;
    this.details = details ?? {};
  }

  /** Whether the same call may succeed later: no answer, too many calls, or a server that is not well. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
