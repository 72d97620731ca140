import type { Countable } from './countable.ts';

/** About what providers charge for a picture of ordinary size. */
const PER_IMAGE = 1600;

/**
 * The tokenizer's cost grows with the square of a run without spaces (40 KB of one letter take it 0.9 s), so it never
 * sees more than this at once. A cut costs at most one token.
 */
const PIECE_CHARS = 256;

/** This much is counted exactly; the rest by its ratio. */
const MAX_COUNTED_CHARS = 400_000;

/** Input tokens of what was collected. An estimate: every vendor has its own tokenizer. */
export function countTokens({ texts, images, overhead }: Countable, count: (text: string) => number): number {
  let tokens = 0;
  let counted = 0;
  let skipped = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += PIECE_CHARS) {
      if (counted >= MAX_COUNTED_CHARS) {
        skipped += text.length - at;
        break;
      }
      const piece = text.slice(at, at + PIECE_CHARS);
      tokens += count(piece);
      counted += piece.length;
    }
  }
  const rest = counted === 0 ? 0 : Math.ceil((skipped * tokens) / counted);
  return tokens + rest + images * PER_IMAGE + overhead;
}
