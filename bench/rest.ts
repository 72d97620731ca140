import { setTimeout as sleep } from 'node:timers/promises';
import { healthyGateway, startControlProcess } from './control-process.ts';
import { cpuTime } from './cpu-time.ts';
import { startProcess } from './process.ts';
import type { Row } from './table.ts';

const settleMs = 45_000;
const measuredMs = 60_000;
const title = 'at rest, nobody looks: CPU of control and gateway, % of a core';

/** What a Vigiles that is open all day costs while nothing happens, beside a bare pipe that nobody uses. */
export async function restRows(wanted: (title: string) => boolean): Promise<Row[]> {
  if (!wanted(title)) return [];
  const control = await startControlProcess('  port: 0\n  discover_local: false\n');
  const pipe = await startProcess('./bare-pipe.ts', ['http://127.0.0.1:1']);
  let gatewayPid: number | undefined;
  try {
    gatewayPid = (await healthyGateway(control)).pid;
    await sleep(settleMs);
    const pids = [control.pid, gatewayPid, pipe.child.pid ?? 0];
    const before = pids.map((pid) => cpuTime(pid).all);
    await sleep(measuredMs);
    const shares = pids.map((pid, i) => (cpuTime(pid).all - (before[i] ?? 0)) / measuredMs / 10);
    const [ofControl = Number.NaN, ofGateway = Number.NaN, ofPipe = Number.NaN] = shares;
    const measured = ofControl + ofGateway;
    const detail = `control ${ofControl.toFixed(2)}, gateway ${ofGateway.toFixed(2)}, over ${measuredMs / 1000} s; the bare pipe ${ofPipe.toFixed(2)}`;
    return [{ title, measured, target: '≤ 1.5', met: measured <= 1.5, detail }];
  } finally {
    control.kill();
    // It outlives its control.
    if (gatewayPid !== undefined) process.kill(gatewayPid, 'SIGKILL');
    control.remove();
    await pipe.stop();
  }
}
