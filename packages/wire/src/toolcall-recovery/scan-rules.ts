import { acceptCall } from './accept-call.ts';
import { Candidates } from './candidates.ts';
import type { Found, TextFormat } from './formats/text-format.ts';
import type { ToolTable } from './tool-table.ts';
import type { FaultSignal, RecoveredCall, Repair } from './types.ts';

/** What one request's scanners share. */
export interface ScanRules {
  readonly table: ToolTable;
  /** Made when something first looks like a call: most answers never need it. */
  readonly candidates: Candidates;
  /** Text held back at most while it is not clear whether it is a call. */
  readonly maxHeldChars: number;
  signal(fault: FaultSignal): void;
}

export function createScanRules(
  table: ToolTable,
  maxHeldChars: number,
  signal: (fault: FaultSignal) => void,
): ScanRules {
  let candidates: Candidates | undefined;
  return {
    table,
    get candidates() {
      return (candidates ??= new Candidates(table));
    },
    maxHeldChars,
    signal,
  };
}

/** The calls of a reading that the request's tools know. Beside bare JSON nothing unreadable may stand. */
export function acceptFound(format: TextFormat, found: Found, { table, signal }: ScanRules): RecoveredCall[] {
  const calls: RecoveredCall[] = [];
  let malformed = found.malformed ?? 0;
  for (const raw of found.calls) {
    const call = acceptCall(raw, table, format.name, signal, format.strict);
    if (call) calls.push(call);
    else malformed++;
  }
  if (format.evidence === 'bare' && malformed > 0) return [];
  const [first] = calls;
  if (first && malformed > 0) {
    const detail = `${malformed} unreadable beside it`;
    first.repairs.push({ kind: 'malformed-sibling', tool: first.name, detail });
  }
  return calls;
}

/** Says of a call that it stood in thinking. */
export function asThinking(repairs: Repair[]): void {
  for (const repair of repairs) if (repair.kind === 'text-call') repair.kind = 'thinking-call';
}
