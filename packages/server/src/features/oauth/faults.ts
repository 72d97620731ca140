import { fault, type Fault } from '../../kernel/fault.ts';

export const unknownProvider = (id: string): Fault =>
  fault('not-found', 'oauth_provider_unknown', `There is no provider "${id}" in oauth.providers.`);

export const notConnected = (label: string): Fault =>
  fault('conflict', 'oauth_not_connected', `${label} is not connected.`);

export const expired = (label: string): Fault =>
  fault(
    'conflict',
    'oauth_expired',
    `${label} no longer takes what it gave; a person has to connect it again.`,
  );

/** One answer for unknown, used, expired and somebody else’s: nobody learns which it was. */
export const invalidState = (): Fault =>
  fault(
    'invalid',
    'oauth_state_invalid',
    'This sign-in was not begun by you, took too long or was finished already. Begin it again.',
  );

/** What a provider answered, by its code; its words are left out, they may repeat what they were sent. */
export const refused = (label: string, code: string): Fault =>
  fault('upstream', 'oauth_refused', `${label} refused: ${code}.`, {
    retryable: false,
    details: { provider_error: code },
  });

export const badAnswer = (label: string): Fault =>
  fault(
    'upstream',
    'oauth_bad_answer',
    `${label} answered what does not hold up, so nothing was taken over.`,
    {
      retryable: false,
    },
  );
