import type { TextFormat } from './formats/text-format.ts';
import { QUOTING_OPENERS } from './prose/code-state.ts';
import type { ToolTable } from './tool-table.ts';

interface Opener {
  text: string;
  /** Empty: an element that quotes what is inside. */
  formats: TextFormat[];
}

/** What may begin at a place. */
export interface Match {
  /** More text could complete an opener. */
  partial: boolean;
  formats: TextFormat[];
  quoting?: string;
}

const NOTHING: Match = { partial: false, formats: [] };

/** The openers of every format, found by their first two letters. */
export class Candidates {
  readonly #byHead = new Map<string, Opener[]>();
  readonly #heads = new Set<string>();

  constructor(formats: readonly TextFormat[], table: ToolTable) {
    const openers = new Map<string, TextFormat[]>(QUOTING_OPENERS.map((text) => [text, []]));
    for (const format of formats) {
      for (const text of new Set(format.opens(table))) {
        const known = openers.get(text);
        if (!known) openers.set(text, [format]);
        else if (known.length > 0) known.push(format);
      }
    }
    for (const [text, list] of openers) {
      const opener = { text, formats: list };
      const head = text.slice(0, 2);
      this.#heads.add(text.charAt(0));
      this.#byHead.set(head, [...(this.#byHead.get(head) ?? []), opener]);
    }
  }

  /** Letters with which an opener can begin that is a word: looked for at the start of a line only. */
  isHead(mark: string): boolean {
    return this.#heads.has(mark);
  }

  /**
   * What begins at `at`.
   * @param final no more text will come
   * @param lineBlank nothing stands before it on its line: only there a single bracket can begin a call
   */
  at(text: string, at: number, final: boolean, lineBlank: boolean): Match {
    const available = text.length - at;
    if (available < 2 && !final) return { partial: this.#heads.has(text.charAt(at)), formats: [] };
    const two = this.#byHead.get(text.slice(at, at + 2));
    const one = lineBlank ? this.#byHead.get(text.charAt(at)) : undefined;
    if (!two && !one) return NOTHING;
    const match: Match = { partial: false, formats: [] };
    for (const opener of [...(two ?? []), ...(one ?? [])]) {
      if (text.startsWith(opener.text, at)) {
        if (opener.formats.length === 0) match.quoting = opener.text;
        else match.formats.push(...opener.formats);
      } else if (!final && available < opener.text.length && opener.text.startsWith(text.slice(at)))
        match.partial = true;
    }
    return match;
  }
}
