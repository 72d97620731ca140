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

/** This share of its time at work is much. */
const busyFrom = 0.3;
const lookEveryMs = 5000;

/** Keeps the heap of a long-lived process small. */
export function staySmall() {
  setFlagsFromString(youngStaysSmall);
  setFlagsFromString(oldMayGrow);
  setTimeout(followWork, startsForMs).unref();
}

/** A process at rest is collected often, which costs little; one at work is not kept from it. */
function followWork() {
  setFlagsFromString(pagesAreGivenBack);
  let before = performance.eventLoopUtilization();
  const look = () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    setFlagsFromString(utilization < busyFrom ? oldStaysSmall : oldGrowsWhileBusy);
  };
  look();
  setInterval(look, lookEveryMs).unref();
}
