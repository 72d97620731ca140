import type { Samples } from '../core/samples.ts';

/** Numbers that look random and are the same in each run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Normally distributed around 0 with deviation 1 (Box and Muller). */
export const gauss = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** An hour of looks every five seconds: latencies with a long tail, one in a hundred a spike, times with some jitter. */
export function latencyBlock(seed: number, start: number, count = 720): Samples {
  const next = random(seed);
  const middle = Math.log(2 + next() * 80);
  const spread = 0.15 + next() * 0.3;
  const samples: Samples = { ts: [], values: [], states: [] };
  for (let at = 0; at < count; at += 1) {
    const spike = next() < 0.01 ? 3 + next() * 10 : 1;
    samples.ts.push(start + at * 5000 + Math.round(Math.abs(gauss(next)) * 4));
    samples.values.push(Math.round(Math.exp(middle + spread * gauss(next)) * spike * 100) / 100);
    samples.states.push(1);
  }
  return samples;
}
