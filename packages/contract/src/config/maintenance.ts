import { z } from 'zod';

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/;
const dateTime = z.iso.datetime({ offset: true });

/** Whether this machine knows the time zone: names of the IANA database, and `UTC`. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const window = z.strictObject({
  from: z.string().optional().meta({
    description: 'Begins: a date and time with offset (once), or HH:MM (again and again, in `time_zone`).',
  }),
  to: z.string().optional().meta({
    description: 'Ends: like `from`. An HH:MM that is not after `from` is on the next day.',
  }),
  weekdays: z
    .array(Weekday)
    .min(1)
    .optional()
    .meta({ description: 'Days on which an HH:MM window begins; absent: every day.' }),
  cron: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Instead of `from` and `to`: when it begins, as a cron expression.' }),
  duration_min: z.number().min(1).max(10_080).optional().meta({ description: 'Length of a cron window.' }),
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'is not a time zone of the IANA database, such as Europe/Berlin')
    .optional()
    .meta({ description: 'IANA name; absent: that of this machine.' }),
  reason: z.string().max(500).default(''),
});

type WindowInput = z.output<typeof window>;

/** What is wrong between the fields: path within the window, and words. */
function problemOf(given: WindowInput): [path: string, message: string] | null {
  const { from, to, weekdays, cron, duration_min } = given;
  if (cron !== undefined) {
    if (from !== undefined || to !== undefined || weekdays !== undefined)
      return ['cron', 'stands alone: without from, to and weekdays'];
    return duration_min === undefined ? ['duration_min', 'a cron window needs its length'] : null;
  }
  if (duration_min !== undefined) return ['duration_min', 'is only for cron windows'];
  if (from === undefined) return ['from', 'is missing: a window needs from and to, or cron and duration_min'];
  if (to === undefined) return ['to', 'is missing'];
  const daily = clockTime.test(from);
  if (daily !== clockTime.test(to)) return ['to', 'has to be of the same kind as from'];
  if (daily) return null;
  if (!dateTime.safeParse(from).success)
    return ['from', 'is neither HH:MM nor a date and time with offset (2026-05-01T22:00:00+02:00)'];
  if (!dateTime.safeParse(to).success)
    return ['to', 'is neither HH:MM nor a date and time with offset (2026-05-01T22:00:00+02:00)'];
  if (weekdays !== undefined) return ['weekdays', 'is only for windows with HH:MM'];
  return null;
}

/** A time in which nothing is alerted and nothing is done, while the looks go on: once, weekly, or by cron. */
export const MaintenanceConfig = window.superRefine((given, context) => {
  const problem = problemOf(given);
  if (problem) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] });
});
export type MaintenanceConfig = z.output<typeof MaintenanceConfig>;

/** The same for several services at once. */
export const FleetMaintenanceConfig = z
  .strictObject({
    ...window.shape,
    services: z
      .array(z.string())
      .default([])
      .meta({ description: 'Names, or patterns with * at the end. Empty: every service.' }),
  })
  .superRefine(({ services: _services, ...given }, context) => {
    const problem = problemOf(given);
    if (problem) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] });
  });
export type FleetMaintenanceConfig = z.output<typeof FleetMaintenanceConfig>;
