import { setTimeout as sleep } from 'node:timers/promises';
import { poll, startControlProcess, type ControlProcess } from './control-process.ts';
import { startProcess } from './process.ts';
import { cpuMs, residentBytes } from './resident-memory.ts';
import type { Summary } from './statistics.ts';
import type { Row } from './table.ts';

const count = 1000;
const intervalS = 5;
const warmMs = 20_000;
const measuredMs = 45_000;

const titles = {
  jitter: '1,000 checks at 5 s: start jitter p99, ms',
  cpu: '1,000 checks at 5 s: control, % of a core',
  rss: '1,000 checks at 5 s: RSS of control, MB',
};

interface Loop {
  starts: number;
  checks: number;
  jitter_ms: { p50: number; p99: number; max: number };
}

interface Bare extends Summary {
  cpuMs: number;
  rss: number;
}

const yamlOf = (ports: readonly number[]): string => {
  const services = ports.map(
    (port, at) =>
      `    - { name: s${at}, port: ${port}, checks: [{ type: http, url: "http://127.0.0.1:${port}/health", interval_s: ${intervalS} }] }`,
  );
  return `  enabled: false\nwatchdog:\n  services:\n${services.join('\n')}\n`;
};

/** CPU and lateness of control while it watches. */
async function measureControl(control: ControlProcess): Promise<{ share: number; loop: Loop; rss: number }> {
  const { pid } = await poll('status', () =>
    control.call<{ server: { pid: number } }>('/api/v1/status').then(({ server }) => server),
  );
  await poll('every service to be up', async () => {
    const { up, total } = (
      await control.call<{ system: { up: number; total: number } }>('/api/health?limit=1')
    ).system;
    return total === count && up === total ? true : null;
  });
  await sleep(warmMs);
  const before = { cpu: cpuMs(pid), at: performance.now() };
  await sleep(measuredMs);
  const share = (cpuMs(pid) - before.cpu) / (performance.now() - before.at);
  return { share: share * 100, loop: await control.call<Loop>('/api/loop-status'), rss: residentBytes(pid) };
}

/** A thousand services, each with an HTTP check, watched by the whole control with its real store. */
export async function watchdogRows(wanted: (title: string) => boolean): Promise<Row[]> {
  if (!Object.values(titles).some(wanted)) return [];
  const targets = await startProcess<{ ports: number[] }>('./watchdog-targets.ts', [String(count)]);
  const { ports } = targets.ready;
  const bare = await startProcess('./bare-probes.ts', [String(intervalS * 1000), ports.join(',')]);
  const control = await startControlProcess(yamlOf(ports));
  try {
    // Both at once: what else runs on the machine then disturbs both alike.
    await sleep(warmMs);
    const begun = await bare.ask<Bare>('begin');
    const at = performance.now();
    const { share, loop, rss } = await measureControl(control);
    const ended = await bare.ask<Bare>('end');
    const bareShare = ((ended.cpuMs - begun.cpuMs) / (performance.now() - at)) * 100;
    const mb = (bytes: number) => bytes / 1e6;
    return [
      {
        title: titles.jitter,
        measured: loop.jitter_ms.p99,
        target: '≤ 15',
        met: loop.jitter_ms.p99 <= 15,
        detail: `p50 ${loop.jitter_ms.p50}, most ${loop.jitter_ms.max}; setInterval and undici beside it: p50 ${ended.p50.toFixed(2)}, p99 ${ended.p99.toFixed(2)}, most ${ended.max.toFixed(1)}`,
      },
      {
        title: titles.cpu,
        measured: share,
        target: '≤ 15',
        met: share <= 15,
        detail: `the same probes alone: ${bareShare.toFixed(1)} %`,
      },
      {
        title: titles.rss,
        measured: mb(rss),
        target: '≤ 150',
        met: mb(rss) <= 150,
        detail: `the whole process with its store; the probes alone: ${mb(ended.rss).toFixed(0)} MB`,
      },
    ].filter(({ title }) => wanted(title));
  } finally {
    control.kill();
    control.remove();
    await Promise.all([bare.stop(), targets.stop()]);
  }
}
