import { z } from 'zod';

export const ServerConfig = z
  .strictObject({
    host: z
      .string()
      .default('127.0.0.1')
      .meta({ description: 'Address control listens on. Loopback unless you say otherwise.' }),
    port: z
      .int()
      .min(0)
      .max(65535)
      .default(8765)
      .meta({ description: 'Port of the API, dashboard and sockets. 0 takes a free one.' }),
    debug: z.boolean().default(false).meta({ description: 'Log at debug level.' }),
    allowed_origins: z
      .array(z.url())
      .default([])
      .meta({ description: 'Browser origins allowed besides the dashboard itself.' }),
  })
  .prefault({});

export const StoreConfig = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(sqlite:.+|postgres(ql)?:\/\/.+|\$\{(env|secret):[^}]+\})$/,
        'must be sqlite:<path> or postgres://…',
      )
      .optional()
      .meta({ description: 'Where everything is kept. Absent: SQLite in the home folder.' }),
    keep_events_days: z
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .meta({ description: 'Events older than this are deleted; the newest 1,000 always stay.' }),
    keep_turns_days: z
      .int()
      .min(32)
      .max(3650)
      .default(400)
      .meta({ description: 'Turns of the ledger older than this are deleted.' }),
  })
  .prefault({});

export const LogConfig = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    keep_days: z
      .int()
      .min(1)
      .max(365)
      .default(14)
      .meta({ description: 'Daily log files (a day is a UTC day) older than this are deleted.' }),
    max_file_mb: z
      .number()
      .min(0.001)
      .max(1024)
      .default(64)
      .meta({ description: 'A file that grows beyond this is followed by another part of the same day.' }),
    max_total_mb: z
      .number()
      .min(0.001)
      .max(102_400)
      .default(1024)
      .meta({ description: 'All files of one log together; beyond it the oldest are deleted.' }),
  })
  .prefault({});

/**
 * What is taken over only when Vigiles is started anew: where it listens, and what it keeps everything in. All else is hot.
 */
export const restartPaths = ['server.host', 'server.port', 'store.url', 'bus', 'plugins.directory'] as const;
