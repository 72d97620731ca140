import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { logLine, type LogPage } from '../views/logs.ts';

const followMs = 500;

/** `vigiles logs`: the end of the logs, and with `--follow` what comes next. */
export async function logs({
  home,
  json,
  lines,
  follow,
}: {
  home?: string;
  json?: boolean;
  lines: number;
  follow?: boolean;
}): Promise<void> {
  const api = connect(homeOf(home));
  let page = await api.get<LogPage>(`/api/v1/logs?lines=${lines}`);
  if (json && !follow) return sayJson(page);
  const print = () => {
    for (const entry of page.entries) say(json ? JSON.stringify(entry) : logLine(entry));
  };
  print();
  if (!follow) return;
  for (;;) {
    await delay(followMs);
    page = await api.get<LogPage>(`/api/v1/logs?after=${encodeURIComponent(page.cursor)}`);
    print();
  }
}
