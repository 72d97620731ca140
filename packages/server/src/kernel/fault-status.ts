import { faultStatus, type FaultKind } from '@vigiles/contract';

/** The HTTP status of a fault kind. Apart from the faults themselves, which every thread knows: the contract loads a hundred schemas. */
export const statusOf = (kind: FaultKind): number => faultStatus[kind];
