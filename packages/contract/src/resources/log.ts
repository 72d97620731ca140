import { z } from 'zod';

/** Least to most serious. */
export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** One line of Vigiles' own logs. What others wrote into it is text: it may hold control characters. */
export const LogEntry = z.object({
  /** UTC ms; a line that does not say has that of its neighbour. */
  ts: z.number(),
  level: LogLevel,
  /** Which log it is from: `vigiles`, `gateway`, `session-commands`. */
  log: z.string(),
  /** What it is about: `sessions`, `github`, `audit`, `http` …; else its log's own name. */
  category: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** A page of log lines, newest first. */
export const LogPage = z.object({
  entries: z.array(LogEntry),
  /** Send it as `cursor` for what is older; null: there is nothing older. A page may be short and still have one. */
  next: z.string().nullable(),
});
export type LogPage = z.infer<typeof LogPage>;

/**
 * What `GET /api/v1/services/{name}/logs/stream` sends: first the end of the service's output, then what is written,
 * each line once. Lines are as the service wrote them, without secrets.
 */
export const ServiceLogLines = z.object({
  lines: z.array(z.string()),
  /** These lines begin anew (the first message, or the file was replaced): what was shown before is over. */
  reset: z.boolean(),
});
export type ServiceLogLines = z.infer<typeof ServiceLogLines>;
