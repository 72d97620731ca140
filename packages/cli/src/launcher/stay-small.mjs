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

/** This share of a core used by the main thread is much. What others use of the machine does not count. */
const busyFrom = 0.3;
const lookEveryMs = 5000;

/** Keeps the heap of a long-lived process small. */
export function staySmall() {
  setFlagsFromString(youngStaysSmall);
  setFlagsFromString(oldMayGrow);
  setFlagsFromString(smallerCode);
  setTimeout(followWork, startsForMs).unref();
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
