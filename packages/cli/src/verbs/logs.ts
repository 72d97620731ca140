import { LogEntry, type LogPage } from '@vigiles/contract';
import { connect, type Api } from '../client/api.ts';
import { followStream } from '../client/stream.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { readMoment } from '../input/moment.ts';
import { dim } from '../output/style.ts';
import { note, say, sayJson } from '../output/print.ts';
import { logLine } from '../views/logs.ts';
import { untilInterrupted } from './interrupt.ts';

export interface LogOptions {
  home?: string;
  json?: boolean;
  lines: number;
  level?: string;
  category?: string;
  text?: string;
  since?: string;
  follow?: boolean;
}

function queryOf({ level, category, text, since }: LogOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ level, category, text }))
    if (value !== undefined) query.set(name, value);
  if (since !== undefined) {
    const moment = readMoment(since, Date.now());
    if (moment === null)
      throw new CliError(
        `“${since}” is no moment: 15m, 2h, 3d, 14:30 or 2026-11-21T14:30:00Z.`,
        exitCode.usage,
      );
    query.set('since', String(Math.round(moment)));
  }
  return query;
}

/** The newest lines that fit, in the order they were written; a page may be short and have more behind it. */
async function lastLines(api: Api, query: URLSearchParams, lines: number): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  let cursor: string | null = null;
  do {
    query.set('limit', String(Math.min(1000, lines - found.length)));
    if (cursor !== null) query.set('cursor', cursor);
    const page: LogPage = await api.get<LogPage>(`/api/v1/logs?${query.toString()}`);
    found.push(...page.entries);
    cursor = page.next;
  } while (cursor !== null && found.length < lines);
  return found.toReversed();
}

/** `vigiles logs`: the end of the logs, and with `--follow` what comes next. */
export async function logs(options: LogOptions): Promise<void> {
  const { home, json, lines, follow } = options;
  const api = connect(homeOf(home));
  const query = queryOf(options);
  const print = (entry: LogEntry) => say(json ? JSON.stringify(entry) : logLine(entry));
  if (!follow) {
    if (json) {
      query.set('limit', String(lines));
      return sayJson(await api.get<LogPage>(`/api/v1/logs?${query.toString()}`));
    }
    const entries = await lastLines(api, query, lines);
    if (entries.length === 0) note(dim('Nothing like it was logged.'));
    return entries.forEach(print);
  }
  query.set('tail', String(lines));
  await untilInterrupted(async (signal) => {
    const path = () => `/api/v1/logs/stream?${query.toString()}`;
    for await (const data of followStream(api, path, { signal, strict: true })) {
      const entry = LogEntry.safeParse(data);
      if (entry.success) print(entry.data);
    }
  });
}
