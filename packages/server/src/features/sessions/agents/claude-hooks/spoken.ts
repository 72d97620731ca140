/** Longest message that is put together; Claude Code sends it line by line. */
const MAX_TEXT = 20_000;
/** Messages under way at once. */
const MAX_OPEN = 20;

/** Assistant messages as they are shown, line by line, put together to what was said. */
export function createSpoken() {
  const open = new Map<string, string>();
  let last = '';
  return {
    /** @returns the whole message with its last part, else null */
    add(id: string, delta: string, final: boolean): string | null {
      const text = ((open.get(id) ?? '') + delta).slice(0, MAX_TEXT);
      open.delete(id);
      if (!final) {
        open.set(id, text);
        if (open.size > MAX_OPEN) open.delete(open.keys().next().value as string);
        return null;
      }
      if (text.trim() === '') return null;
      last = text.trim();
      return text;
    },
    /** Whether the end of a turn says what was shown already. */
    said: (text: string): boolean => text.trim().slice(0, MAX_TEXT) === last,
  };
}

export type Spoken = ReturnType<typeof createSpoken>;
