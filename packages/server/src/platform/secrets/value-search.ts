/** Looks for many values at once: one pass over a text, however many there are. */
export interface ValueSearch {
  /** A value of at least four characters. */
  add(value: string): void;
  /** Whether any of the values stands in the text. */
  in(text: string): boolean;
}

const size = 1 << 16;

/** Of four characters from `at`. */
const keyAt = (text: string, at: number): number =>
  (text.charCodeAt(at) ^
    (text.charCodeAt(at + 1) << 4) ^
    (text.charCodeAt(at + 2) << 8) ^
    (text.charCodeAt(at + 3) << 11)) &
  (size - 1);

export function createValueSearch(): ValueSearch {
  /** Which keys values begin with. */
  const begins = new Uint8Array(size);
  const byKey = new Map<number, string[]>();
  return {
    add(value) {
      const key = keyAt(value, 0);
      begins[key] = 1;
      byKey.set(key, [...(byKey.get(key) ?? []), value]);
    },
    in(text) {
      if (byKey.size === 0) return false;
      for (let at = 0; at <= text.length - 4; at += 1) {
        const key = keyAt(text, at);
        if (begins[key] === 1 && byKey.get(key)?.some((value) => text.startsWith(value, at))) return true;
      }
      return false;
    },
  };
}
