/** What agents send is hostile: each field is looked at before it is used, and cut where it is shown. */
export type Data = Readonly<Record<string, unknown>>;

const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const dataOf = (value: unknown): Data => (isData(value) ? value : {});
export const textIn = (data: Data, ...keys: string[]): string => {
  for (const key of keys) {
    const value = data[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
};
export const numberIn = (data: Data, key: string): number | null =>
  typeof data[key] === 'number' && Number.isFinite(data[key]) ? data[key] : null;

/** Any value as text to read: a text as it is, anything else as JSON. */
export function asShown(value: unknown, most = 20_000): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length > most ? `${text.slice(0, most)}\n… ${text.length - most} more characters` : text;
}
