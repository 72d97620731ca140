import type { Turn } from '@vigiles/contract';

/** A settled turn on its way to the disk. */
export interface LedgerTurn extends Turn {
  /** JSON of its `RouteDecision`; absent where the row itself says everything. Not part of its event. */
  decision?: string;
}
