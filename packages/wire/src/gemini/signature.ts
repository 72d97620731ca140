import type { Signature } from '../canonical/index.ts';
import { decodeBase64, encodeBase64 } from '../media/base64.ts';
import { openSignature, sealSignature } from '../reasoning/index.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';

/** Issuer of a signature that a Gemini client brings without our seal. */
export const NATIVE_ISSUER = 'gemini';

/** Google's documented stand-in for calls that no Gemini model made: the history of another vendor's model. */
export const PLACEHOLDER = 'skip_thought_signature_validator';

/** How every sealed signature begins in base64: the bytes of `vgl1.` and the first bits of a letter. */
const SEALED = 'dmdsMS5';

/**
 * A `thoughtSignature` as a canonical one; sealed ones are opened, the placeholder says nothing.
 * @param issuer of a signature that names none
 */
export function decodeSignature(
  data: string | null | undefined,
  issuer: string,
): (Signature & { text?: string }) | undefined {
  if (!data || data === PLACEHOLDER) return undefined;
  if (!data.startsWith(SEALED)) return { issuer, kind: 'signature', data };
  return openSignature(decodeUtf8(decodeBase64(data)), issuer, 'signature');
}

/**
 * A signature for a Gemini client to keep: Gemini's own as it is, any other sealed with its issuer. The field is
 * `bytes`: what is not base64 would not come back from clients that decode it.
 * @param text what it signs, where that went out in pieces before it: other vendors want it back as one
 */
export function keepForClient(signature: Signature, text?: string): string {
  if (signature.issuer === NATIVE_ISSUER && signature.kind === 'signature') return signature.data;
  return encodeBase64(encodeUtf8(sealSignature({ ...signature, ...(text && { text }) })));
}
