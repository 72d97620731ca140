/** How the values of a series are kept: multiples of `1 / scale`, rounded to `bits` significant bits. */
export interface Precision {
  scale: number;
  bits: number;
}

/** Buckets of histograms are this fine at most: percentiles are within 1.6 %. */
export const histogramBits = 5;

/**
 * A value as an integer that rises with it: exact below 2^(bits+1) units, and above that with 2^bits steps in each
 * doubling, so that the relative error stays the same from microseconds to days.
 */
export function toCode(value: number, { scale, bits }: Precision): number {
  const units = Math.round(Math.abs(value) * scale);
  const exact = 2 ** (bits + 1);
  if (units < exact) return value < 0 ? -units : units;
  const shift = exponentOf(units) - bits;
  const code = shift * 2 ** bits + Math.round(units / 2 ** shift);
  return value < 0 ? -code : code;
}

/** The value a code stands for, in units: the middle of what is rounded to it. */
export function unitsOf(code: number, bits: number): number {
  const size = Math.abs(code);
  if (size < 2 ** (bits + 1)) return code;
  const shift = Math.floor(size / 2 ** bits) - 1;
  const units = (size - shift * 2 ** bits) * 2 ** shift;
  return code < 0 ? -units : units;
}

export const fromCode = (code: number, { scale, bits }: Precision): number => unitsOf(code, bits) / scale;

/** floor(log2), exact for whole numbers up to 2^53. */
function exponentOf(units: number): number {
  if (units < 0x8000_0000) return 31 - Math.clz32(units);
  const guess = Math.floor(Math.log2(units));
  return 2 ** guess > units ? guess - 1 : 2 ** (guess + 1) <= units ? guess + 1 : guess;
}
