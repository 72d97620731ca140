import { textFormats } from './formats/index.ts';
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

type ByHead = ReadonlyMap<string, readonly Opener[]>;

const NOTHING: Match = { partial: false, formats: [] };
const NONE: readonly Opener[] = [];

/** By the first two letters; one letter where that is all. */
function byHead(openers: ReadonlyMap<string, TextFormat[]>): ByHead {
  const heads = new Map<string, Opener[]>();
  for (const [text, formats] of openers) {
    const head = text.slice(0, 2);
    const known = heads.get(head);
    if (known) known.push({ text, formats });
    else heads.set(head, [{ text, formats }]);
  }
  return heads;
}

/** Openers that are the same for every request: made once. */
function commonOpeners(): Map<string, TextFormat[]> {
  const openers = new Map<string, TextFormat[]>(QUOTING_OPENERS.map((text) => [text, []]));
  for (const format of textFormats) {
    for (const text of new Set(format.opens)) {
      const known = openers.get(text);
      if (!known) openers.set(text, [format]);
      else if (known.length > 0) known.push(format);
    }
  }
  return openers;
}

const common = commonOpeners();
const commonByHead = byHead(common);
/** Every first letter; openers that the tools decide begin with `<`. */
const heads = new Set(['<', ...[...common.keys()].map((text) => text.charAt(0))]);
const headCodes = new Uint8Array(128);
for (const head of heads) if (head.charCodeAt(0) < 128) headCodes[head.charCodeAt(0)] = 1;

/** Whether an opener can begin with this character. */
export function isHeadCode(code: number): boolean {
  return code < 128 && headCodes[code] === 1;
}

/** The openers of every format, found by their first two letters. */
export class Candidates {
  readonly #own: ByHead;

  constructor(table: ToolTable) {
    const own = new Map<string, TextFormat[]>();
    const add = (text: string, format: TextFormat): void => {
      if (common.get(text)?.length === 0) return;
      const known = own.get(text);
      if (known) known.push(format);
      else own.set(text, [format]);
    };
    for (const format of textFormats) for (const text of format.opensFor?.(table) ?? []) add(text, format);
    for (const format of table.formats) for (const text of format.opens) add(text, format);
    this.#own = byHead(own);
  }

  /**
   * What begins at `at`.
   * @param final no more text will come
   * @param lineBlank nothing stands before it on its line: only there a single bracket can begin a call
   */
  at(text: string, at: number, final: boolean, lineBlank: boolean): Match {
    const available = text.length - at;
    if (available < 2 && !final) return { partial: heads.has(text.charAt(at)), formats: [] };
    const head = text.slice(at, at + 2);
    const two = commonByHead.get(head);
    const own = this.#own.get(head);
    const one = lineBlank ? commonByHead.get(text.charAt(at)) : undefined;
    if (!two && !one && !own) return NOTHING;
    const match: Match = { partial: false, formats: [] };
    for (const list of [two ?? NONE, own ?? NONE, one ?? NONE]) {
      for (const opener of list) {
        if (text.startsWith(opener.text, at)) {
          if (opener.formats.length === 0) match.quoting = opener.text;
          else match.formats.push(...opener.formats);
        } else if (!final && available < opener.text.length && opener.text.startsWith(text.slice(at)))
          match.partial = true;
      }
    }
    // The chain decides who reads first, whatever list an opener came from.
    if (own && match.formats.length > 1) match.formats.sort((x, y) => rankOf(x) - rankOf(y));
    return match;
  }
}

const ranks = new Map(textFormats.map((format, at) => [format, at]));
const rankOf = (format: TextFormat): number => ranks.get(format) ?? textFormats.length;
