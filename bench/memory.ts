import { setTimeout as sleep } from 'node:timers/promises';
import { LoadConnection } from './load-client.ts';
import { residentBytes } from './resident-memory.ts';
import type { Row } from './table.ts';
import type { Ends } from './throughput.ts';

const megabytes = (bytes: number) => bytes / 1_048_576;

const streams = 1000;
/** After so many the young generation of a process that has just started has grown to its full size. */
const firstStreams = 200;
const body = JSON.stringify({
  model: 'idle',
  messages: [{ role: 'user', content: 'x'.repeat(900) }],
  stream: true,
});

/** Opens streams that would stay silent for ever, and leaves them once they have begun. */
export async function abandonStreams(port: number, headers: Record<string, string>): Promise<void> {
  const open = Array.from(
    { length: 32 },
    () => new LoadConnection({ host: '127.0.0.1', port, path: '/v1/chat/completions', body, headers }),
  );
  for (const connection of open) connection.send().catch(() => undefined);
  await sleep(200);
  for (const connection of open) connection.close();
}

/** What 1,000 streams that stay silent after their first chunk take of a process, in KB each. */
async function perStream(pid: number, target: { port: number; headers: Record<string, string> }) {
  const open: LoadConnection[] = [];
  const opened = async (count: number): Promise<number> => {
    while (open.length < count) {
      const connection = new LoadConnection({
        host: '127.0.0.1',
        path: '/v1/chat/completions',
        body,
        ...target,
      });
      connection.send().catch(() => undefined);
      open.push(connection);
      if (open.length % 50 === 0) await sleep(20);
    }
    await sleep(2000);
    return residentBytes(pid);
  };
  const before = residentBytes(pid);
  const few = await opened(firstStreams);
  const all = await opened(streams);
  for (const connection of open) connection.close();
  await sleep(500);
  return {
    before,
    each: (all - before) / streams / 1024,
    eachMore: (all - few) / (streams - firstStreams) / 1024,
  };
}

/** The bare pipe is measured in the same way beside it: less than what it takes cannot be reached. */
export async function idleStreamRows(ends: Ends): Promise<Row[]> {
  const pipe = await perStream(ends.pipePid, { port: ends.pipePort, headers: {} });
  const { pid, port, token } = ends.gateway;
  const gateway = await perStream(pid, { port, headers: { authorization: `Bearer ${token}` } });
  const kb = (value: number) => value.toFixed(1);
  return [
    {
      title: '1,000 open idle streams: KB each',
      measured: gateway.each,
      target: '≤ 40',
      met: gateway.each <= 40,
      detail: `${kb(gateway.eachMore)} each of those after the first ${firstStreams}; ${megabytes(gateway.before).toFixed(0)} MB before; the bare pipe ${kb(pipe.each)} and ${kb(pipe.eachMore)}`,
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
  const sixth = Math.ceil(samples.length / 6);
  const course = Array.from({ length: 6 }, (_, i) =>
    mean(samples.slice(i * sixth, (i + 1) * sixth)).toFixed(0),
  );
  return [
    {
      title: `RSS over ${minutes} min of mixed load and abandoned streams: last third ÷ middle third`,
      measured: last / middle,
      target: '≤ 1.05',
      met: last / middle <= 1.05,
      detail: `${middle.toFixed(0)} → ${last.toFixed(0)} MB, most ${Math.max(...samples).toFixed(0)} MB; means of its sixths ${course.join(', ')}`,
    },
  ];
}
