/**
 * Recognises events that say the same as the one before but for one text, which is what nearly all events of an answer
 * do: they need not be taken apart again.
 */
export interface RepeatedEvents {
  /**
   * Learns the form of `bytes`, exactly one event with its blank line, whose only text that counts stands between
   * `start` and `end`, inside its quotes.
   */
  learn(bytes: Uint8Array, start: number, end: number): void;
  /** The event that came last was of another form: what was learned holds no longer. */
  forget(): void;
  /** Whether there is a form that the next events may have. */
  ready(): boolean;
  /** Where the texts stand, when `bytes` holds events of the learned form and nothing else. */
  read(bytes: Uint8Array): RepeatedTexts | undefined;
}

/** The texts of repeated events, still as JSON has them. */
export interface RepeatedTexts {
  /** Start and end of each in turn. */
  spans: number[];
  /** Characters of all of them. */
  chars: number;
  /** Nothing but ASCII in them. */
  ascii: boolean;
  /** Escapes are among them. */
  escaped: boolean;
}

/** Streams whose every event differs elsewhere, too (a sequence number), are left alone after so many. */
const MAX_MISSES = 8;

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;

const NOTHING = new Uint8Array(0);

/** One for each stream. Looks at every byte once; a search for each part would take longer than these few bytes. */
export function createRepeatedEvents(): RepeatedEvents {
  let before = NOTHING;
  let after = NOTHING;
  let misses = 0;
  let known = false;

  function read(bytes: Uint8Array): RepeatedTexts | undefined {
    if (!known) return undefined;
    const texts: RepeatedTexts = { spans: [], chars: 0, ascii: true, escaped: false };
    for (let at = 0; at < bytes.length;) {
      const start = at + before.length;
      const end = startsWith(bytes, at, before) ? textEnd(bytes, start, texts) : -1;
      if (end === -1 || !startsWith(bytes, end, after)) {
        misses += 1;
        known = false;
        return undefined;
      }
      texts.spans.push(start, end);
      at = end + after.length;
    }
    misses = 0;
    return texts;
  }

  return {
    learn(bytes, start, end) {
      if (misses >= MAX_MISSES) return;
      before = bytes.slice(0, start);
      after = bytes.slice(end);
      known = bytes.at(-1) === LF && bytes.at(-2) === LF && isPlain(bytes);
    },
    forget() {
      known = false;
    },
    ready: () => known,
    read,
  };
}

/** With an escape in it, what looks like a quoted text might be a part of another one. */
function isPlain(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte === BACKSLASH || byte === CR || byte > 127) return false;
  return true;
}

function startsWith(bytes: Uint8Array, from: number, wanted: Uint8Array): boolean {
  if (from + wanted.length > bytes.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

/** The quote that ends a JSON text whose inside starts at `from`; -1: there is none, or it is no JSON. Counts into `texts`. */
function textEnd(bytes: Uint8Array, from: number, texts: RepeatedTexts): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      texts.chars += at - from;
      return at;
    }
    // JSON allows no control character in a text, and a line end would end the line.
    if (byte < SPACE) return -1;
    if (byte === BACKSLASH) {
      texts.escaped = true;
      at += 1;
      if ((bytes[at] ?? 0) < SPACE) return -1;
    } else if (byte > 127) {
      texts.ascii = false;
      // The bytes of a character after its first.
      if (byte < 192) texts.chars -= 1;
    }
  }
  return -1;
}
