import type { Signature } from '../canonical/index.ts';
import { openSignature, sealSignature } from './signature-envelope.ts';

const MARK = '\u0000call:';

/**
 * Some providers sign the call itself (Gemini thought signatures). Responses and Messages have no room for that on a
 * call: an empty piece of reasoning beside it carries this text, and clients replay it with the rest.
 */
export function sealCallSignature(callId: string, signature: Signature): string {
  return sealSignature({ ...signature, text: MARK + callId });
}

/** The signature and its call, where a sealed text is such a carrier. */
export function openCallSignature(
  sealed: string | null | undefined,
): { callId: string; signature: Signature } | undefined {
  if (!sealed) return undefined;
  const { text, ...signature } = openSignature(sealed, '');
  return text?.startsWith(MARK) ? { callId: text.slice(MARK.length), signature } : undefined;
}
