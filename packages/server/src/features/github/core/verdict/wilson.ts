/** Lower bound of Wilson's interval at 95 %: what `right` of `all` proves at the least; 0 without any. */
export function wilson(right: number, all: number): number {
  if (all === 0) return 0;
  const z = 1.96;
  const p = right / all;
  const centre = p + (z * z) / (2 * all);
  const spread = z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all));
  return (centre - spread) / (1 + (z * z) / all);
}
