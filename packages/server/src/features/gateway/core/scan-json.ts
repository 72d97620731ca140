/** Where the value of a top-level key stands: the bytes `start` (inclusive) to `end` (exclusive). */
export interface JsonSpan {
  start: number;
  end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** Keys and short values end within so many bytes; looking at them one by one is cheaper than a call that searches. */
const NEAR_BYTES = 48;

/** The byte after the string that opens at `open`, or -1. Jumps from quote to quote, so long texts cost nothing. */
function stringEnd(bytes: Buffer, open: number): number {
  const near = Math.min(bytes.length, open + NEAR_BYTES);
  for (let at = open + 1; at < near; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return farStringEnd(bytes, open);
}

function farStringEnd(bytes: Buffer, open: number): number {
  let quote = open;
  for (;;) {
    quote = bytes.indexOf(QUOTE, quote + 1);
    if (quote === -1) return -1;
    let slashes = quote - 1;
    while (bytes[slashes] === BACKSLASH) slashes -= 1;
    if ((quote - 1 - slashes) % 2 === 0) return quote + 1;
  }
}

/** The byte after the value that starts at `start`, or -1. */
function valueEnd(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return stringEnd(bytes, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === COMMA || byte === CLOSE_BRACE || isSpace(byte)) break;
      at += 1;
    }
    return at > start ? at : -1;
  }
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      if (at === -1) return -1;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  return -1;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

/** Which lengths and first letters keys that are wanted have, as bits: most others need not even be made into a text. */
interface KeyShapes {
  lengths: number;
  letters: number;
}

const shapes = new WeakMap<ReadonlySet<string>, KeyShapes>();

function shapesOf(wanted: ReadonlySet<string>): KeyShapes {
  let found = shapes.get(wanted);
  if (!found) {
    found = { lengths: 0, letters: 0 };
    for (const key of wanted) {
      found.lengths |= 1 << (key.length & 31);
      found.letters |= 1 << (key.charCodeAt(0) & 31);
    }
    shapes.set(wanted, found);
  }
  return found;
}

/**
 * Finds top-level values of a JSON object without building it: a 40 KB prompt costs about a microsecond.
 * It checks the outline only (brackets, commas, quotes); what stands inside values is the provider's to judge.
 * A wanted key that comes twice is refused: two readers of the same bytes could disagree about it.
 * @returns the spans by key, or the words that say what is wrong
 */
export function scanJsonObject(bytes: Buffer, wanted: ReadonlySet<string>): Map<string, JsonSpan> | string {
  const found = new Map<string, JsonSpan>();
  const { lengths, letters } = shapesOf(wanted);
  let at = skipSpace(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
  if (bytes[at] !== OPEN_BRACE) return 'the body is not a JSON object';
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) return skipSpace(bytes, at + 1) === bytes.length ? found : trailing(at + 1);
  for (;;) {
    if (bytes[at] !== QUOTE) return `a key was expected at byte ${at}`;
    const keyEnd = stringEnd(bytes, at);
    if (keyEnd === -1) return `the text that opens at byte ${at} is never closed`;
    const length = keyEnd - at - 2;
    const letter = length === 0 ? Number.NaN : (bytes[at + 1] ?? 0);
    const maybe = (lengths & (1 << (length & 31))) !== 0 && (letters & (1 << (letter & 31))) !== 0;
    const key = maybe ? bytes.toString('latin1', at + 1, keyEnd - 1) : '';
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) return `a colon was expected at byte ${at}`;
    const start = skipSpace(bytes, at + 1);
    const end = valueEnd(bytes, start);
    if (end === -1) return `the value that starts at byte ${start} is not finished`;
    if (maybe && wanted.has(key)) {
      if (found.has(key)) return `the key ${JSON.stringify(key)} comes twice`;
      found.set(key, { start, end });
    }
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_BRACE) {
      return skipSpace(bytes, at + 1) === bytes.length ? found : trailing(at + 1);
    }
    if (bytes[at] !== COMMA) return `a comma or } was expected at byte ${at}`;
    at = skipSpace(bytes, at + 1);
  }
}

const trailing = (at: number): string => `there is something after the object, at byte ${at}`;
