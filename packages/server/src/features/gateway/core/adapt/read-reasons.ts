import type { Complaint } from './complaint.ts';
import { readFault } from './read-fault.ts';
import type { Reason } from './reason.ts';
import { rules } from './rules/index.ts';

const MAX_REASONS = 24;

/**
 * Why the provider refused, from its own words; empty where they are none of those known. A refusal that names several
 * fields at once gives several reasons.
 */
export function readReasons(complaint: Complaint): Reason[] {
  const found: Reason[] = [];
  for (const fault of complaint.faults) {
    const reason = readFault(fault);
    if (reason) add(found, reason);
  }
  if (found.length > 0) return found;
  for (const rule of rules) {
    for (const reason of rule(complaint)) add(found, reason);
    // The first rule that understands the words is the right one: they are sorted from special to general.
    if (found.length > 0) return found;
  }
  return found;
}

function add(found: Reason[], reason: Reason): void {
  if (found.length >= MAX_REASONS) return;
  const key = JSON.stringify(reason);
  if (!found.some((other) => JSON.stringify(other) === key)) found.push(reason);
}
