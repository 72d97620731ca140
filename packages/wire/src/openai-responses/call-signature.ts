import type { Signature } from '../canonical/index.ts';
import { openSignature, sealSignature } from '../reasoning/index.ts';
import { NATIVE_ISSUER } from './item-context.ts';

const MARK = '\u0000call:';

/**
 * Some providers sign the call itself (Gemini thought signatures). A `function_call` item has no room for that, so an
 * empty reasoning item behind it carries the signature, and clients replay it with the rest.
 */
export function callSignatureContent(callId: string, signature: Signature): string {
  return sealSignature({ ...signature, text: MARK + callId });
}

/** The signature and its call, where a reasoning item is such a carrier. */
export function readCallSignature(
  encryptedContent: string | null | undefined,
): { callId: string; signature: Signature } | undefined {
  if (!encryptedContent) return undefined;
  const { text, ...signature } = openSignature(encryptedContent, NATIVE_ISSUER);
  return text?.startsWith(MARK) ? { callId: text.slice(MARK.length), signature } : undefined;
}
