/** Samples of one series, oldest first. Parallel columns: they are many. */
export interface Samples {
  /** UTC milliseconds. */
  ts: number[];
  /** NaN: there is none, only a state. */
  values: number[];
  /** Position in the contract's `sampleStates`; 0 is none. */
  states: number[];
}

export const noSamples = (): Samples => ({ ts: [], values: [], states: [] });

export function pushSample(samples: Samples, ts: number, value: number, state: number): void {
  samples.ts.push(ts);
  samples.values.push(value);
  samples.states.push(state);
}

/** Oldest first; of those with the same time the one that was added last stays. */
export function inOrder(samples: Samples): Samples {
  const { ts } = samples;
  let sorted = true;
  for (let at = 1; at < ts.length && sorted; at += 1) sorted = (ts[at] ?? 0) > (ts[at - 1] ?? 0);
  if (sorted) return samples;
  const order = ts.map((_, at) => at).sort((a, b) => (ts[a] ?? 0) - (ts[b] ?? 0) || a - b);
  const result = noSamples();
  for (const [place, at] of order.entries()) {
    const next = order[place + 1];
    if (next !== undefined && ts[next] === ts[at]) continue;
    pushSample(result, ts[at] ?? 0, samples.values[at] ?? Number.NaN, samples.states[at] ?? 0);
  }
  return result;
}
