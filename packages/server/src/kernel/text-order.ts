/**
 * Orders texts by their letters' codes: for ids, paths and names of ours. A language's own order would load 4 MB of tables for the
 * rest of the process's life.
 */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const parts = /\d+|\D+/g;

/** The same with numbers by their size: `B2` before `B10`. */
export function byTextAndNumber(a: string, b: string): number {
  const others = b.match(parts) ?? [];
  for (const [at, part] of (a.match(parts) ?? []).entries()) {
    const other = others[at];
    if (other === undefined) return 1;
    const order = Number(part) - Number(other) || byText(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
