import { LEAD_IN_CHARS } from './prose/lead-in.ts';

/** Kept pieces are put together when they are this much. */
const MOST = 16_384;
/** Every piece counts as more than its letters, so that many short ones are put together in time, too. */
const PIECE = 16;

/** The last words of a text that comes in pieces: told of every piece, asked by few, and so put together only then. */
export class LastWords {
  #pieces: string[] = [];
  #size = 0;

  add(piece: string): void {
    this.#size += piece.length + PIECE;
    this.#pieces.push(piece);
    if (this.#size > MOST) this.text();
  }

  /** At most {@link LEAD_IN_CHARS} of them. */
  text(): string {
    const text = this.#pieces.join('').slice(-LEAD_IN_CHARS);
    this.#pieces = [text];
    this.#size = text.length;
    return text;
  }

  /** Whether they end with a line on which an object begins, and no more. */
  get endWithBrace(): boolean {
    // Nearly every text ends otherwise, and then nothing has to be put together.
    const last = this.#pieces.at(-1)?.trimEnd() ?? '';
    if (last !== '' && !`{"'`.includes(last.charAt(last.length - 1))) return false;
    const end = this.text().trimEnd();
    return /^\{["'\s]{0,4}$/.test(end.slice(end.lastIndexOf('\n') + 1));
  }
}
