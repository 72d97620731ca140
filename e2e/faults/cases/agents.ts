import type { FaultCase } from '../fault-case.ts';

/** D: agents on this machine. */
export const agentCases: readonly FaultCase[] = [];
