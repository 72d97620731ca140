import type { Signature } from '../canonical/index.ts';
import { asRecord, asText } from '../json/read.ts';
import { openSignature, sealSignature } from '../reasoning/index.ts';

/**
 * Gemini's Chat endpoint signs calls in `extra_content.google.thought_signature` and refuses a history without them.
 * `issuer` is stamped on a signature that names none.
 */
export function decodeCallSignature(extra: unknown, issuer: string): Signature | undefined {
  const data = asText(asRecord(asRecord(extra)?.google)?.thought_signature);
  return data === undefined ? undefined : openSignature(data, issuer, 'signature');
}

/** The signature as its own provider wants it back. */
export function encodeCallSignature(signature: Signature): Record<string, unknown> {
  return { google: { thought_signature: signature.data } };
}

/** The signature for a client to keep, marked with its issuer. */
export function sealCallSignature(signature: Signature): Record<string, unknown> {
  return { google: { thought_signature: sealSignature(signature) } };
}
