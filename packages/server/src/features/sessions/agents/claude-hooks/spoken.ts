/** Longest message that is put together; Claude Code sends it line by line. */
const MAX_TEXT = 20_000;
/** Messages under way at once. */
const MAX_OPEN = 20;
const MAX_PARTS = 5_000;

interface Open {
  parts: Map<number, string>;
  /** Of the last part, once it is known. */
  last: number | null;
}

/** Assistant messages as they are shown, line by line, put together to what was said, whatever part comes first. */
export function createSpoken() {
  const open = new Map<string, Open>();
  let said = '';
  return {
    /** @returns the whole message once every part of it is there, else null */
    add(id: string, index: number, delta: string, final: boolean): string | null {
      const message = open.get(id) ?? { parts: new Map<number, string>(), last: null };
      open.set(id, message);
      if (open.size > MAX_OPEN) open.delete(open.keys().next().value as string);
      if (message.parts.size < MAX_PARTS) message.parts.set(index, delta);
      if (final) message.last = index;
      if (message.last === null || message.parts.size <= message.last) return null;
      open.delete(id);
      const text = [...message.parts]
        .toSorted(([one], [other]) => one - other)
        .map(([, part]) => part)
        .join('')
        .slice(0, MAX_TEXT);
      if (text.trim() === '') return null;
      said = text.trim();
      return text;
    },
    /** Whether the end of a turn says what was shown already. */
    said: (text: string): boolean => text.trim().slice(0, MAX_TEXT) === said,
  };
}
