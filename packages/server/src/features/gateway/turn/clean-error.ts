import type { WireError } from '@vigiles/wire';
import type { Turn } from './turn.ts';

/** Some providers repeat the key that they refuse: whoever asked is not to learn it, nor is it kept. The same error where it is clean. */
export function cleanError({ core }: Turn, error: WireError): WireError {
  const message = core.redact(error.message);
  return message === error.message ? error : { ...error, message };
}
