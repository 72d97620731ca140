import { SeriesConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createSeries } from '../index.ts';

// Adds as fast as it can say what is stored, until somebody kills it.
const series = createSeries({
  home: process.argv[2] ?? '',
  clock: systemClock,
  log: silentLog,
  config: SeriesConfig.parse({}),
});
const start = Number(process.argv[3]);
for (let at = 0; ; at += 1) {
  for (let target = 0; target < 20; target += 1)
    series.add('latency', `t${target}`, start + at * 50, 10 + (at % 7), 'UP');
  // oxlint-disable-next-line no-await-in-loop -- what was told as stored is what the test counts
  if (at % 10 === 9) await series.settled();
  if (at % 10 === 9) process.stdout.write(`${at + 1}\n`);
}
