import { once } from 'node:events';
import { startProcess } from './process.ts';
import type { Summary } from './statistics.ts';
import type { Row } from './table.ts';

const dashboards = 50;
const perSecond = 500;
const seconds = 10;

/** Event published → in the browser's socket, for 50 dashboards at 500 events a second. */
export async function fanOutRows(): Promise<Row[]> {
  const count = perSecond * seconds;
  const server = await startProcess<{ url: string; token: string }>('./fan-out-server.ts');
  const clients = await startProcess('./fan-out-dashboards.ts');
  try {
    await clients.ask({ ...server.ready, dashboards, count });
    const measured = once(clients.child, 'message');
    server.child.send({ count, perSecond });
    const [{ latency, gaps }] = (await measured) as [{ latency: Summary; gaps: number }];
    if (gaps > 0 || latency.count !== count * dashboards)
      throw new Error(`${latency.count} of ${count * dashboards} deliveries, ${gaps} gaps`);
    return [
      {
        title: `event published → browser socket, ${dashboards} dashboards × ${perSecond}/s: p99, ms`,
        measured: latency.p99,
        target: '< 20',
        met: latency.p99 < 20,
        detail: `p50 ${latency.p50.toFixed(1)}, most ${latency.max.toFixed(1)}; ${latency.count} deliveries, none lost`,
      },
    ];
  } finally {
    await Promise.all([server.stop(), clients.stop()]);
  }
}
