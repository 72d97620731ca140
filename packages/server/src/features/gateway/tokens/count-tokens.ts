import type { TurnRequest } from '@vigiles/wire';
import { countable } from './countable.ts';

/** About what providers charge for a picture of ordinary size. */
const PER_IMAGE = 1600;

/**
 * The tokenizer's cost grows with the square of a run without spaces (40 KB of one letter take it 0.9 s), so it never
 * sees more than this at once. A cut costs at most one token.
 */
const PIECE_CHARS = 256;

/** This much is counted exactly; the rest by its ratio. */
const MAX_COUNTED_CHARS = 400_000;

/** Counting yields to other turns after this many characters. */
const BREATH_CHARS = 32_000;

type Counter = (text: string) => number;

let loading: Promise<Counter> | undefined;

/** Loaded at the first use: the tables take 30 MB that most gateways never need. */
function counter(): Promise<Counter> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(
    ({ countTokens }) =>
      (text) =>
        countTokens(text, { allowedSpecial: 'all' }),
  );
  return loading;
}

/** Input tokens of a request, tools and tool blocks included. An estimate: every vendor has its own tokenizer. */
export async function countRequestTokens(request: TurnRequest): Promise<number> {
  const { texts, images, overhead } = countable(request);
  const count = await counter();
  let tokens = 0;
  let counted = 0;
  let skipped = 0;
  let sinceBreath = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += PIECE_CHARS) {
      if (counted >= MAX_COUNTED_CHARS) {
        skipped += text.length - at;
        break;
      }
      const piece = text.slice(at, at + PIECE_CHARS);
      tokens += count(piece);
      counted += piece.length;
      sinceBreath += piece.length;
      if (sinceBreath < BREATH_CHARS) continue;
      sinceBreath = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const rest = counted === 0 ? 0 : Math.ceil((skipped * tokens) / counted);
  return tokens + rest + images * PER_IMAGE + overhead;
}
