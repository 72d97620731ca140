import { z } from 'zod';
import { maxLatency, pace, retries } from './pace.ts';
import { Literal, Pattern, predicates } from './predicate.ts';

/** Lines of a log that come too often. */
export const LogCheck = z
  .strictObject({
    type: z.literal('log'),
    file: z
      .string()
      .optional()
      .meta({ description: 'Log file. Absent: what the supervised process prints.' }),
    contains: Literal.optional().meta({ description: 'Text that counts, as it stands.' }),
    matches: Pattern.optional().meta({ description: 'Or a regular expression (RE2) that counts.' }),
    count: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .meta({ description: 'Fails when this many lines come within `within_s`.' }),
    within_s: z
      .number()
      .min(1)
      .max(86_400)
      .default(60)
      .meta({ description: 'Window; healthy again once the lines are older.' }),
    missing: z.enum(['unknown', 'fails', 'passes']).default('unknown').meta({
      description:
        'What it means when there was no such file yet. `passes` for a log that begins with its first error.',
    }),
    ...pace(1, 5, 0.2),
  })
  .meta({ title: 'Log', description: 'Lines that match come too often.' });

/** A JSON file as others leave it. */
export const JsonFileCheck = z
  .strictObject({
    type: z.literal('json_file'),
    file: z.string().min(1).meta({ description: 'File that is read.' }),
    json: predicates.meta({ description: 'What has to hold in it; all of it.' }),
    max_age_s: z
      .number()
      .min(1)
      .optional()
      .meta({ description: 'Fails when it was not written for longer.' }),
    missing: z
      .enum(['fails', 'passes'])
      .default('fails')
      .meta({ description: 'What it means when there is no such file.' }),
    ...pace(10, 5, 0.5),
  })
  .meta({ title: 'JSON file', description: 'A file on this machine holds what it should, and is fresh.' });

/** Somebody tells us in time that all is well. */
export const HeartbeatCheck = z
  .strictObject({
    type: z.literal('heartbeat'),
    token: z.string().min(1).max(300).optional().meta({
      description:
        'The end of its push address, a secret: 16 to 128 letters, digits, dashes, or a reference. Absent: one is made and kept.',
      secret: true,
    }),
    period_s: z
      .number()
      .min(1)
      .max(31_622_400)
      .default(60)
      .meta({ description: 'Longest time between two heartbeats.' }),
    schedule: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'Instead of a period: when heartbeats are due, as cron (`0 3 * * *`).' }),
    timezone: z
      .string()
      .max(64)
      .default('UTC')
      .meta({ description: 'Time zone of the schedule: `Europe/Berlin`.' }),
    grace_s: z.number().min(0).max(604_800).default(30).meta({ description: 'How late a heartbeat may be.' }),
    ...pace(1, 5, 0.2),
  })
  .meta({ title: 'Heartbeat', description: 'A job or a program calls our address in time.' });

/** A database takes a connection and answers. */
export const SqlCheck = z
  .strictObject({
    type: z.literal('sql'),
    url: z
      .string()
      .regex(
        /^(?:(?:postgres|postgresql|mysql|mariadb|redis|rediss|sqlite):|\$\{)/,
        'postgres:, mysql:, redis: or sqlite:',
      )
      .meta({
        description:
          '`postgres://user@host/db`, `mysql://…`, `redis://…`, `rediss://…`, `sqlite:/path/to.db`. A password is `${secret:…}`.',
      }),
    query: z
      .string()
      .min(1)
      .max(4000)
      .optional()
      .meta({ description: 'Statement (or Redis command) that is run; nothing is written by ours.' }),
    expect: z
      .string()
      .max(1000)
      .optional()
      .meta({ description: 'What the first value of the first row has to be.' }),
    at_most: z.number().optional().meta({ description: 'Or the largest number it may be.' }),
    at_least: z.number().optional().meta({ description: 'Or the smallest number it may be.' }),
    ...maxLatency,
    ...pace(30, 5, 1),
    ...retries,
  })
  .meta({
    title: 'Database',
    description: 'PostgreSQL, MySQL, Redis or SQLite takes a connection and answers.',
  });
