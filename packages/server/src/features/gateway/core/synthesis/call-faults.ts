import type { TurnFault } from '@vigiles/contract';
import type { FaultCode, FaultSignal, Repair } from '@vigiles/wire';

/** What the fault catalogue calls a repair. Duplicates that were dropped are no fault: the call had arrived already. */
function codeOf({ kind, detail }: Repair): FaultCode | undefined {
  switch (kind) {
    case 'text-call':
    case 'thinking-call':
      return detail === 'explore-agent' ? 'C1' : 'C3';
    case 'malformed-sibling':
      return 'C3';
    case 'double-encoded':
    case 'unwrapped':
    case 'custom-input':
      return 'C4';
    case 'closed-json':
    case 'lenient-json':
      return 'C7';
    case 'tool-name':
    case 'argument-name':
    case 'argument-type':
      return 'C9';
    case 'duplicate-dropped':
      return undefined;
  }
}

/** Faults that the repair at hand has put right: the client got what was meant. */
const RECOVERED = new Set<FaultCode>(['C4', 'C9']);

/**
 * The faults of one answer, one entry a code: what was signalled, and what the repairs stand for. Bounded by the ten
 * codes, whatever the model wrote.
 */
export function callFaults(repairs: readonly Repair[], signals: readonly FaultSignal[]): TurnFault[] {
  if (repairs.length === 0 && signals.length === 0) return [];
  const found = new Map<FaultCode, TurnFault>();
  const add = (fault: FaultCode, recovered: boolean, detail: string): void => {
    const known = found.get(fault);
    if (!known) found.set(fault, { fault, count: 1, recovered, detail });
    else {
      known.count += 1;
      known.recovered &&= recovered;
    }
  };
  for (const { fault, detail } of signals) add(fault, RECOVERED.has(fault), detail);
  const signalled = new Set(found.keys());
  for (const repair of repairs) {
    const code = codeOf(repair);
    if (code && !signalled.has(code)) add(code, true, `${repair.kind}: ${repair.detail}`.slice(0, 200));
  }
  return [...found.values()];
}
