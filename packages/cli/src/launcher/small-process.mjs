import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * The young generation stays at its first size (V8 lets it grow to some 100 MB that are never given back), and the old one is
 * collected after an eighth of growth rather than after doubling, or a third while there is much to do. Collections clear more
 * pages to give them back. All are read each time V8 decides.
 */
const youngStaysSmall = '--semi-space-growth-factor=1';
const oldStaysSmall = '--heap-growing-percent=12';
const oldGrowsWhileBusy = '--heap-growing-percent=30';
const pagesAreGivenBack = '--optimize-for-size';

/** While it starts nearly everything stays: collecting after each eighth would look through all of it again and again. */
const oldMayGrow = '--heap-growing-percent=300';
const startsForMs = 5000;

/**
 * The compiler for what runs all the time (TurboFan; Maglev’s code is there before) is called once there is much to do for longer:
 * its program alone is 5 MB, and to a process at rest its code is worth little.
 */
const fastestCode = '--turbofan';
const smallerCode = '--no-turbofan';

/** V8 gives each thread the 2 MB of its own functions at a place near the code that it makes. Without it they are there once. */
const builtInsOnce = '--no-short-builtin-calls';

/** This share of a core used by the main thread is much. What others use of the machine does not count. */
const busyFrom = 0.3;
const lookEveryMs = 5000;

/**
 * glibc gives each thread a heap of its own and keeps what is free in them. One heap is enough for threads that mostly wait. What
 * is larger than 32 KB gets pages of its own, which go back when it is freed: among what lives long it would leave holes, and
 * with 1,000 checks those were 15 MB. The end of the heap goes back, too.
 */
const oneHeap = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '32768',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '0',
};

/** Says to the process that this one becomes that the bundle is intact. */
const bundledMark = 'VIGILES_BUNDLED';

/**
 * Keeps a long-lived process small. How memory is shared can only be said while a process starts, so on Linux this one
 * becomes another with the same id, for some 40 ms of the start. Plain JavaScript: the compiler of TypeScript would stay.
 * @param isBundled whether the bundle can be run, asked before: TypeScript that finds it out is then gone with the rest
 * @param leaving called when the process is about to become another
 * @returns true when it is known that it can
 */
export async function keepSmall(isBundled, leaving) {
  const { env, execArgv, execPath } = process;
  const wanted = Object.entries(oneHeap);
  const small = wanted.every(([name, value]) => env[name] === value);
  const bundled = small && env[bundledMark] === '1';
  if (small) {
    // What we start has memory of its own to care for.
    for (const name of [...Object.keys(oneHeap), bundledMark]) delete env[name];
  } else if (process.platform === 'linux' && !process.connected && !wanted.some(([name]) => name in env)) {
    // Not under `node --watch`, which talks with the process it has started.
    const mark = (await isBundled()) ? { [bundledMark]: '1' } : {};
    leaving();
    try {
      process.execve(execPath, [execPath, ...execArgv, builtInsOnce, ...process.argv.slice(1)], {
        ...env,
        ...oneHeap,
        ...mark,
      });
    } catch {
      // Where a process may not become another, this one goes on.
    }
  }
  setFlagsFromString(youngStaysSmall);
  setFlagsFromString(oldMayGrow);
  setFlagsFromString(smallerCode);
  setTimeout(followWork, startsForMs).unref();
  return bundled;
}

/** A process at rest is collected often and compiled little, which costs little; one at work is not kept from it. */
function followWork() {
  setFlagsFromString(pagesAreGivenBack);
  let before = { cpu: process.threadCpuUsage(), at: performance.now() };
  let wasBusy = false;
  const look = () => {
    const now = { cpu: process.threadCpuUsage(), at: performance.now() };
    const workedMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1000;
    const busy = workedMs / (now.at - before.at) >= busyFrom;
    setFlagsFromString(busy ? oldGrowsWhileBusy : oldStaysSmall);
    setFlagsFromString(busy && wasBusy ? fastestCode : smallerCode);
    before = now;
    wasBusy = busy;
  };
  setFlagsFromString(oldStaysSmall);
  setInterval(look, lookEveryMs).unref();
}
