/** `vigiles-20261121T031500Z-ab12cd34.backup.age`: sorts by time, and says that it is ours. */
export const nameOf = (at: number, id: string): string =>
  `vigiles-${new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')}-${id
    .replaceAll(/[^a-z0-9]/gi, '')
    .slice(-8)
    .toLowerCase()}.backup.age`;

const shape = /^vigiles-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[a-z0-9]{1,8}\.backup\.age$/;

/** When a backup was made; null: the name is none of ours, and it is left alone. */
export function timeOf(name: string): number | null {
  const found = shape.exec(name);
  if (!found) return null;
  const [, year, month, day, hour, minute, second] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isFinite(at) ? at : null;
}

/** Ours that are beyond the newest so many. */
export const beyond = (names: readonly string[], keep: number): string[] =>
  names
    .filter((name) => timeOf(name) !== null)
    .toSorted()
    .toReversed()
    .slice(keep);
