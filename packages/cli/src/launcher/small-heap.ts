import { setFlagsFromString } from 'node:v8';

/**
 * Keeps a long-lived process small: the young generation stays at its first size (V8 lets it grow to some 100 MB that
 * are never given back), and the old one is collected after a third of growth rather than after doubling. Both flags
 * are read each time V8 decides to grow. Measured with 1,000 checks: 350 → 220 MB for 5 % more CPU time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}
