import { fault, type Fault } from '../../kernel/fault.ts';

export const invalidToken = (): Fault =>
  fault('unauthorized', 'token_invalid', 'The token is not valid: unknown, rotated or revoked.');

export const invalidSession = (): Fault =>
  fault('unauthorized', 'session_invalid', 'You are signed out. Open a new sign-in link: vigiles sign-in');

/** One answer for wrong, used and expired: a guesser learns nothing. */
export const invalidCode = (
  code: 'pairing_code_invalid' | 'sign_in_code_invalid' | 'user_code_invalid',
): Fault => fault('invalid', code, 'The code is wrong, used or expired. Make a new one.');

export const tooManyGuesses = (waitMs: number): Fault =>
  fault('rate-limited', 'too_many_guesses', 'Too many attempts. Wait before you try again.', {
    retryAfterMs: waitMs,
  });

export const unknownDevice = (id: string): Fault =>
  fault('not-found', 'device_not_found', `There is no active device "${id}".`);

export const unknownPairing = (id: string): Fault =>
  fault('not-found', 'pairing_not_found', `There is no open pairing "${id}".`);

/** An error of RFC 6749 §5.2, RFC 8628 §3.5 or RFC 8693 §2.2.2, by its code there. */
export const oauthFault = (
  code:
    | 'authorization_pending'
    | 'slow_down'
    | 'access_denied'
    | 'expired_token'
    | 'invalid_grant'
    | 'invalid_request'
    | 'invalid_scope'
    | 'invalid_target'
    | 'unsupported_grant_type',
  message: string,
): Fault => fault('invalid', code, message);

export const tooManyWaiting = (): Fault =>
  fault('unavailable', 'temporarily_unavailable', 'Too many programs wait to be let in. Try again later.', {
    retryAfterMs: 60_000,
  });
