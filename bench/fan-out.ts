import { once } from 'node:events';
import { startProcess } from './process.ts';
import type { Summary } from './statistics.ts';
import type { Row } from './table.ts';

const dashboards = 50;
const perSecond = 500;
const seconds = 10;
const warmSeconds = 3;

/** Event published → in the browser's socket, for 50 dashboards at 500 events a second; then with twice as many from 500 alerts. */
export async function fanOutRows(): Promise<Row[]> {
  const change = await fanOut('change', 'service:state_changed');
  const alert = await fanOut('alert', 'alert:raised');
  const load = `${dashboards} dashboards × ${perSecond}/s`;
  return [
    row(`event published → browser socket, ${load}: p99, ms`, change),
    row(`alert published → browser socket, ${load}, each followed by its notification: p99, ms`, alert),
  ];
}

const row = (title: string, { p50, p99, max, count }: Summary): Row => ({
  title,
  measured: p99,
  target: '< 20',
  met: p99 < 20,
  detail: `p50 ${p50.toFixed(1)}, most ${max.toFixed(1)}; ${count} deliveries, none lost`,
});

async function fanOut(kind: 'change' | 'alert', name: string): Promise<Summary> {
  const warm = perSecond * warmSeconds;
  const count = warm + perSecond * seconds;
  const server = await startProcess<{ url: string; token: string }>('./fan-out-server.ts');
  const clients = await startProcess('./fan-out-dashboards.ts');
  try {
    await clients.ask({ ...server.ready, dashboards, name, count, warm });
    const measured = once(clients.child, 'message');
    server.child.send({ kind, count, perSecond });
    const [{ latency, gaps }] = (await measured) as [{ latency: Summary; gaps: number }];
    const expected = (count - warm) * dashboards;
    if (gaps > 0 || latency.count !== expected)
      throw new Error(`${latency.count} of ${expected} deliveries, ${gaps} gaps`);
    return latency;
  } finally {
    await Promise.all([server.stop(), clients.stop()]);
  }
}
