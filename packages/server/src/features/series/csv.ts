import type { ServiceState } from '@vigiles/contract';

/** Samples as CSV: time for people, time as UTC ms, value, state. Nothing in it can be taken for a formula. */
export const samplesAsCsv = (
  samples: readonly { ts: number; value: number | null; state: ServiceState | null }[],
): string =>
  [
    'time,utc_ms,value,state',
    ...samples.map(
      ({ ts, value, state }) => `${new Date(ts).toISOString()},${ts},${value ?? ''},${state ?? ''}`,
    ),
    '',
  ].join('\n');
