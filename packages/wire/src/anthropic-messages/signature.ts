import type { ReasoningPart, Signature } from '../canonical/index.ts';
import { asText } from '../json/read.ts';
import { openSignature, sealSignature } from '../reasoning/index.ts';

type JsonObject = Record<string, unknown>;

/** Issuer of a signature that a Messages client brings without our seal. */
export const NATIVE_ISSUER = 'anthropic';

/** A `thinking` or `redacted_thinking` block as a canonical part; sealed signatures of other vendors are opened. */
export function decodeThinking(block: JsonObject, issuer: string): ReasoningPart {
  if (block.type === 'redacted_thinking') {
    const { text, ...signature } = openSignature(asText(block.data) ?? '', issuer, 'redacted');
    return { type: 'reasoning', text: text ?? '', summary: [], signature };
  }
  const part: ReasoningPart = { type: 'reasoning', text: asText(block.thinking) ?? '', summary: [] };
  if (typeof block.signature === 'string' && block.signature !== '') {
    const { text, ...signature } = openSignature(block.signature, issuer, 'signature');
    part.signature = signature;
    if (text !== undefined) part.text = text;
  }
  return part;
}

/**
 * A signature for a Messages client to keep: Anthropic's own as it is, any other sealed with its issuer, so that it
 * never reaches a provider that did not make it.
 */
export function keepForClient(signature: Signature): string {
  const native = signature.issuer === NATIVE_ISSUER && signature.kind !== 'encrypted';
  return native ? signature.data : sealSignature(signature);
}
