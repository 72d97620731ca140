/**
 * The path of a sparkline in a box of `w` by `h`, newest at the right. A null is a gap, not a zero: the line
 * breaks there. The scale starts at 0 so that a calm service looks calm.
 */
export function sparklinePath(values: readonly (number | null)[], w: number, h: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const top = Math.max(...known) * 1.15 || 1;
  const step = values.length > 1 ? w / (values.length - 1) : 0;
  let pen = 'M';
  let d = '';
  values.forEach((value, i) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    d += `${pen}${(i * step).toFixed(1)} ${(h - 1 - (value / top) * (h - 2)).toFixed(1)}`;
    pen = 'L';
  });
  return d;
}
