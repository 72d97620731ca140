import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process so far, in microseconds, as the scheduler counts it: waiting for a core is not in it. */
export interface CpuTime {
  /** The thread that runs the event loop. */
  main: number;
  /** All threads: collector, compiler, ledger and the like. */
  all: number;
}

/** Linux only: `/proc/PID/task/TID/schedstat` begins with nanoseconds on a core. */
export function cpuTime(pid: number): CpuTime {
  const time: CpuTime = { main: 0, all: 0 };
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const micros = onCore(`/proc/${pid}/task/${tid}/schedstat`);
    time.all += micros;
    if (tid === String(pid)) time.main = micros;
  }
  return time;
}

function onCore(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').split(' ', 1)[0]) / 1000;
  } catch {
    // The thread has ended meanwhile.
    return 0;
  }
}
