import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';

/** The thinking in a message or delta; vendors spell the field differently, and some send two spellings at once. */
export function readReasoning(message: JsonRecord): string | undefined {
  return asText(message.reasoning_content) ?? asText(message.reasoning) ?? asText(message.reasoning_text);
}

export type ContentPiece = { type: 'text' | 'reasoning' | 'refusal'; text: string };

/** Content that came as a list (Mistral's reasoning models): text, refusal and thinking parts in order. */
export function readContentList(content: unknown): ContentPiece[] {
  const pieces: ContentPiece[] = [];
  for (const entry of asList(content)) {
    const part = asRecord(entry);
    if (!part) continue;
    const text = asText(part.text);
    const refusal = asText(part.refusal);
    if (part.type === 'thinking') {
      const thinking = typeof part.thinking === 'string' ? part.thinking : joinTexts(part.thinking);
      if (thinking) pieces.push({ type: 'reasoning', text: thinking });
    } else if (part.type === 'refusal' && refusal !== undefined)
      pieces.push({ type: 'refusal', text: refusal });
    else if (text !== undefined) pieces.push({ type: 'text', text });
  }
  return pieces;
}

function joinTexts(list: unknown): string {
  return asList(list)
    .map((entry) => asText(asRecord(entry)?.text) ?? '')
    .join('');
}
