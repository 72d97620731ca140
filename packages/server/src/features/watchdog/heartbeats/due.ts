import { Cron } from 'croner';

/** A job whose clock runs a little ahead pings just before its time: that is the one of this time, not of the one before. */
const earlyMs = 30_000;

/** When the next heartbeat is due after one: a period later, or at the next time of a cron schedule in its zone. Throws on a schedule that is none. */
export function dueAfter(config: {
  period_s: number;
  schedule?: string | undefined;
  timezone: string;
}): (at: number) => number {
  const { period_s, schedule, timezone } = config;
  if (schedule === undefined) return (at) => at + period_s * 1000;
  const cron = new Cron(schedule, { timezone, paused: true });
  return (at) => cron.nextRun(new Date(at + earlyMs))?.getTime() ?? Number.POSITIVE_INFINITY;
}
