import { setFlagsFromString } from 'node:v8';

/**
 * V8 reads this flag each time it may let the young generation grow. While a process starts nearly all of it stays, which
 * V8 answers with 16 MB that it never gives back; so it grows only once there is traffic that is worth it. Imported first:
 * it has to hold while everything else is loaded.
 */
setFlagsFromString('--semi-space-growth-factor=1');

/** The process has started: from now on V8 decides. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
