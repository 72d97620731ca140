import type { ReasoningPart } from '../canonical/index.ts';
import { noteOnce } from '../losses/note.ts';
import type { BlockEncoding, JsonObject } from './encode-blocks.ts';

/**
 * A reasoning part as a thinking block, byte for byte, if and only if this provider signed it. Unsigned thinking and
 * other vendors' signatures are refused by Anthropic, so they are left out.
 */
export function encodeThinking(
  part: ReasoningPart,
  path: string,
  { target, losses }: BlockEncoding,
): JsonObject | undefined {
  const { signature } = part;
  if (!signature) {
    noteOnce(losses, { path, what: 'unsigned reasoning', why: 'Messages takes signed thinking only' });
    return undefined;
  }
  if (signature.issuer !== target.issuer || signature.kind === 'encrypted') {
    noteOnce(losses, {
      path,
      what: 'reasoning of another provider',
      why: 'only its issuer can read its signature',
    });
    return undefined;
  }
  return signature.kind === 'redacted'
    ? { type: 'redacted_thinking', data: signature.data }
    : { type: 'thinking', thinking: part.text, signature: signature.data };
}

export function isThinking(block: JsonObject | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}
