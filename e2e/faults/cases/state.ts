import type { FaultCase } from '../fault-case.ts';

/** E: state on disk, and what every route depends on. */
export const stateCases: readonly FaultCase[] = [];
