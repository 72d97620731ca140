import { healthAt, healthyGateway, poll, startControlProcess } from './control-process.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const times = 5;
const yaml = '  port: 0\n  discover_local: false\n';

/** How long control takes to start, and how long agents are without a gateway when theirs is killed. */
export async function startRows(wanted: (title: string) => boolean): Promise<Row[]> {
  const titles = {
    start: 'control starts: s to its first healthy answer',
    kill: 'gateway killed with -9: s until the next one answers',
  };
  if (!wanted(titles.start) && !wanted(titles.kill)) return [];
  const starts: number[] = [];
  const returns: number[] = [];
  for (let time = 0; time <= times; time += 1) {
    const control = await startControlProcess(yaml);
    starts.push(control.startMs / 1000);
    try {
      const first = await healthyGateway(control);
      // Past the start: the watchdog has seen it up.
      await poll('the gateway to be up', async () => {
        const { services } = await control.call<{ services: { name: string; state: string }[] }>(
          '/api/v1/services',
        );
        return services.some(({ name, state }) => name === 'gateway' && state === 'UP') ? true : null;
      });
      process.kill(first.pid, 'SIGKILL');
      const killedAt = performance.now();
      const next = await poll('the next gateway', () => healthAt(first.url, first.pid));
      returns.push((performance.now() - killedAt) / 1000);
      control.kill();
      process.kill(next.pid, 'SIGKILL');
    } finally {
      control.kill();
      control.remove();
    }
  }
  const row = (title: string, seconds: number[]): Row => {
    const [first = Number.NaN, ...rest] = seconds;
    const measured = median(rest);
    const range = `${Math.min(...rest).toFixed(2)}–${Math.max(...rest).toFixed(2)}`;
    const detail = `median of ${times} with a new home folder each, ${range}; the first after a build ${first.toFixed(2)}`;
    return { title, measured, target: '< 1', met: measured < 1, detail };
  };
  return [row(titles.start, starts), row(titles.kill, returns)].filter(({ title }) => wanted(title));
}
