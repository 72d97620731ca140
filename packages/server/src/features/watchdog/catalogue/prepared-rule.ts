import type { PlannedFault } from '@vigiles/contract';

/** A change of rules that is ready: what it would make of its file, and the way to make it so. */
export interface PreparedRule {
  plan: PlannedFault;
  /** @returns false: the file is another meanwhile, and nothing was written */
  write(actor: string): Promise<boolean>;
}
