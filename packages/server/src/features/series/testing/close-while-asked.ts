import { silentLog } from '../../../kernel/log.ts';
import { createSeriesThread } from '../series-thread.ts';

/** Closes a history (folder: first argument) while it answers; nothing else keeps this process alive. */
const thread = createSeriesThread({
  place: { folder: process.argv[2] ?? '' },
  rules: { rawDays: 1, minuteDays: 1, hourDays: 1, maxBytes: 1e9, minFreeBytes: 0, maxSeries: 100 },
  log: silentLog,
});
const asked = thread.ask('series', {});
await thread.close();
await asked;
