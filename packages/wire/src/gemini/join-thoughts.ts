import type { AssistantPart, ReasoningPart } from '../canonical/index.ts';

/**
 * Thoughts of a history as they were before they were streamed: pieces without a signature belong to the thought that
 * follows them. A signature that brought its text along (`keepForClient`) has it whole already.
 */
export function joinThoughts(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'reasoning' && last?.type === 'reasoning' && !last.signature) {
      joined.pop();
      joined.push(join(last, part));
    } else joined.push(part);
  }
  return joined;
}

function join(before: ReasoningPart, part: ReasoningPart): ReasoningPart {
  const { signature } = part;
  if (!signature) return { ...part, text: before.text + part.text };
  if (part.text !== '' || part.summary.length > 0) {
    const whole = part.text + part.summary.join('');
    return whole.startsWith(before.text) ? part : { ...part, text: before.text + part.text };
  }
  return signature.kind === 'encrypted'
    ? { ...part, summary: [before.text] }
    : { ...part, text: before.text };
}
