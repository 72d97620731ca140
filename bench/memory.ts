import { setTimeout as sleep } from 'node:timers/promises';
import { LoadConnection } from './load-client.ts';
import { residentBytes } from './resident-memory.ts';
import type { Row } from './table.ts';
import type { Ends } from './throughput.ts';

const megabytes = (bytes: number) => bytes / 1_048_576;

/** Opens 1,000 streams that stay silent after their first chunk and looks at what each costs the gateway. */
export async function idleStreamRows(ends: Ends, gatewayPid: number): Promise<Row[]> {
  const streams = 1000;
  const body = JSON.stringify({
    model: 'idle',
    messages: [{ role: 'user', content: 'x'.repeat(900) }],
    stream: true,
  });
  const before = residentBytes(gatewayPid);
  const open: LoadConnection[] = [];
  for (let at = 0; at < streams; at += 1) {
    const connection = new LoadConnection({
      host: '127.0.0.1',
      port: ends.gateway.port,
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${ends.gateway.token}` },
      body,
    });
    connection.send().catch(() => undefined);
    open.push(connection);
    if (at % 50 === 49) await sleep(20);
  }
  await sleep(2000);
  const each = (residentBytes(gatewayPid) - before) / streams / 1024;
  for (const connection of open) connection.close();
  await sleep(500);
  return [
    {
      title: '1,000 open idle streams: KB each',
      measured: each,
      target: '≤ 40',
      met: each <= 40,
      detail: `${megabytes(before).toFixed(0)} MB before`,
    },
  ];
}

export function idleRow(gatewayPid: number): Row {
  const measured = megabytes(residentBytes(gatewayPid));
  return {
    title: 'gateway at rest: RSS, MB',
    measured,
    target: '≤ 110',
    met: measured <= 110,
    detail: 'after start, before any load',
  };
}

/** Mixed load for a while; the resident memory of the last third must not lie above that of the second third. */
export async function soakRows(
  gatewayPid: number,
  minutes: number,
  drive: (ms: number) => Promise<void>,
): Promise<Row[]> {
  const samples: number[] = [];
  const state = { driving: true };
  const sampler = (async () => {
    while (state.driving) {
      samples.push(megabytes(residentBytes(gatewayPid)));
      await sleep(1000);
    }
  })();
  await drive(minutes * 60_000);
  state.driving = false;
  await sampler;
  const third = Math.floor(samples.length / 3);
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const middle = mean(samples.slice(third, 2 * third));
  const last = mean(samples.slice(2 * third));
  return [
    {
      title: `RSS over ${minutes} min of mixed load: last third ÷ middle third`,
      measured: last / middle,
      target: '≤ 1.05',
      met: last / middle <= 1.05,
      detail: `${middle.toFixed(0)} → ${last.toFixed(0)} MB, most ${Math.max(...samples).toFixed(0)} MB`,
    },
  ];
}
