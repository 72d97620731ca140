import type { FaultEntry } from '@vigiles/contract';
export const builtInFaults: readonly FaultEntry[] = [];
