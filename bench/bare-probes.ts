import { Agent, request } from 'undici';
import { cpuMs, residentBytes } from './resident-memory.ts';
import { summarise } from './statistics.ts';

/** The least that probing can cost: `setInterval` and undici for each port, no state, no store. Answers on request. */
const intervalMs = Number(process.argv[2]);
const ports = (process.argv[3] ?? '').split(',').map(Number);

const http = new Agent({ connections: 64, keepAliveTimeout: 60_000 });
let late: number[] = [];

async function probe(port: number): Promise<void> {
  const { body } = await request(`http://127.0.0.1:${port}/health`, { dispatcher: http });
  await body.dump();
}

ports.forEach((port, at) => {
  setTimeout(
    () => {
      let dueAt = performance.now();
      setInterval(() => {
        dueAt += intervalMs;
        late.push(Math.max(0, performance.now() - dueAt));
        void probe(port).catch(() => undefined);
      }, intervalMs);
    },
    (at / ports.length) * intervalMs,
  );
});

process.on('message', (message: 'begin' | 'end') => {
  if (message === 'begin') late = [];
  process.send?.({ ...summarise(late), cpuMs: cpuMs(process.pid), rss: residentBytes(process.pid) });
});
process.send?.({});
