import type { AssistantPart, ReasoningPart, ToolCallPart } from '../canonical/index.ts';
import { noteOnce } from '../losses/note.ts';
import { callArgs, callId, encodeOpaque, type JsonObject, type PartEncoding } from './encode-parts.ts';
import { wantsSignatures } from './model-family.ts';
import { PLACEHOLDER } from './signature.ts';

/**
 * A model turn. Thought signatures go back byte for byte, where they were and to their issuer only. Gemini 3 refuses a
 * step whose first call is unsigned, so a step of another vendor's model gets the documented placeholder there; further
 * calls of the same step never carry one of their own making.
 */
export function encodeAssistant(
  parts: readonly AssistantPart[],
  path: string,
  encoding: PartEncoding,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  parts.forEach((part, at) => {
    const one = encodePart(part, `${path}.parts[${at}]`, encoding);
    if (one) encoded.push(one);
  });
  const first = encoded.find((part) => part.functionCall !== undefined);
  if (first && first.thoughtSignature === undefined && wantsSignatures(encoding.family)) {
    first.thoughtSignature = PLACEHOLDER;
  }
  return encoded;
}

function encodePart(part: AssistantPart, path: string, encoding: PartEncoding): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? undefined : { text: part.text };
    case 'reasoning':
      return encodeThought(part, path, encoding);
    case 'tool-call':
      return encodeCall(part, path, encoding);
    case 'opaque':
      return encodeOpaque(part, path, encoding.losses);
  }
}

function encodeThought(
  { text, summary, signature }: ReasoningPart,
  path: string,
  { target, losses }: PartEncoding,
): JsonObject | undefined {
  if (!signature) {
    noteOnce(losses, { path, what: 'unsigned reasoning', why: 'Gemini reads only what it signed' });
    return undefined;
  }
  if (signature.issuer !== target.issuer || signature.kind !== 'signature') {
    const why = 'only its issuer can read its signature';
    noteOnce(losses, { path, what: 'reasoning of another provider', why });
    return undefined;
  }
  const thinking = text || summary.join('\n\n');
  // Without words it is the signature of the text before it, which Gemini also sends as an empty part.
  return { text: thinking, ...(thinking && { thought: true }), thoughtSignature: signature.data };
}

function encodeCall(part: ToolCallPart, path: string, { names, target, losses }: PartEncoding): JsonObject {
  const call: JsonObject = {
    functionCall: { ...callId(part.id, target), name: names.flatten(part), args: callArgs(part) },
  };
  const { signature } = part;
  if (signature?.issuer === target.issuer) call.thoughtSignature = signature.data;
  else if (signature) {
    noteOnce(losses, { path, what: 'call signature', why: 'it was made by another provider' });
  }
  return call;
}
