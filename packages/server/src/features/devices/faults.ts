import { fault, type Fault } from '../../kernel/fault.ts';

export const invalidToken = (): Fault =>
  fault('unauthorized', 'token_invalid', 'The token is not valid: unknown, rotated or revoked.');

export const invalidSession = (): Fault =>
  fault('unauthorized', 'session_invalid', 'You are signed out. Open a new sign-in link: vigiles sign-in');

/** One answer for wrong, used and expired: a guesser learns nothing. */
export const invalidCode = (code: 'pairing_code_invalid' | 'sign_in_code_invalid'): Fault =>
  fault('invalid', code, 'The code is wrong, used or expired. Make a new one.');

export const tooManyGuesses = (waitMs: number): Fault =>
  fault('rate-limited', 'too_many_guesses', 'Too many attempts. Wait before you try again.', {
    retryAfterMs: waitMs,
  });

export const unknownDevice = (id: string): Fault =>
  fault('not-found', 'device_not_found', `There is no active device "${id}".`);

export const unknownPairing = (id: string): Fault =>
  fault('not-found', 'pairing_not_found', `There is no open pairing "${id}".`);
