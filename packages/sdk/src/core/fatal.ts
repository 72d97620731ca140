/** Codes after which a connection is not tried again: asking once more would get the same answer. */
const fatalCodes: ReadonlySet<string> = new Set([
  'token_required',
  'token_invalid',
  'token_in_url',
  'session_invalid',
  'scope_missing',
  'origin_not_allowed',
]);

/** Reasons in `dropped` after which a client does not come back by itself. */
const fatalReasons: ReadonlySet<string> = new Set(['revoked', 'unauthorized', 'forbidden']);

/** Whether a refused connection (`connect_error`) is refused for good. */
export const isFatalCode = (code: string | undefined): boolean => code !== undefined && fatalCodes.has(code);

/** Whether the server cut this client off for good, rather than because it was slow or is itself stopping. */
export const isFatalReason = (reason: string): boolean => fatalReasons.has(reason);
