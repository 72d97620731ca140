/** What an agent says is hostile: every field is looked at before it is believed. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A text cut to what an event may carry; the cut is said. */
export const short = (value: unknown, most = 4000): string | null => {
  const text = textOf(value);
  if (text === null || text.length <= most) return text;
  return `${text.slice(0, most)}… [${text.length - most} more characters]`;
};

/** The end of a text, which is what counts of an output. */
export const tail = (value: unknown, most = 4000): string | null => {
  const text = textOf(value);
  if (text === null || text.length <= most) return text;
  return `[${text.length - most} characters before] …${text.slice(-most)}`;
};

/** How far a plan is, 0 to 100, as a session shows it. */
export const percentOf = (done: number, all: number): number =>
  all === 0 ? 0 : Math.round((done / all) * 100);

/** A value as data of an event; what is too long is cut as its JSON text. */
export const bounded = (value: unknown, most = 8000): unknown => {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= most ? value : { cut: short(text, most) };
};
