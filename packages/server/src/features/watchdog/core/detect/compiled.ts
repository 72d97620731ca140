import type { FaultDetector, FaultEntry } from '@vigiles/contract';
import { inputOf, isState } from './conditions.ts';
import { parseWhen, type When } from './when.ts';

/** One detector of one entry, ready to be asked. */
export interface CompiledDetector {
  /** Unique in the catalogue, also over a reload: `A2.port_in_use.0`. */
  key: string;
  owner: CompiledEntry;
  place: number;
  detector: FaultDetector;
  input: string;
  /** True until cleared. */
  state: boolean;
  holdMs: number;
  /** Of a log detector: whether it sees this text. */
  sees: (text: string) => boolean;
}

export interface CompiledEntry {
  entry: FaultEntry;
  when: When;
  /** Where it holds at the sighting, the fault is only noted. */
  mild: When | null;
  detectors: CompiledDetector[];
  /** Place in the catalogue: what comes first decides a line first. */
  order: number;
}

/** Makes the test of a log detector. Throws where the pattern is not understood. */
export type LineTest = (detector: Extract<FaultDetector, { type: 'log' }>) => (text: string) => boolean;

/** Makes an entry ready. Throws where `when` or a pattern is not understood: check first. */
export function compileEntry(entry: FaultEntry, order: number, lineTest: LineTest): CompiledEntry {
  const when = parse(entry.id, entry.when);
  const mild = entry.mild_when === undefined ? null : parse(entry.id, entry.mild_when);
  const compiled: CompiledEntry = { entry, when, mild, detectors: [], order };
  compiled.detectors = entry.detectors.map((detector, place) => ({
    key: `${entry.id}.${detector.signal}.${place}`,
    owner: compiled,
    place,
    detector,
    input: inputOf(detector),
    state: isState(detector),
    holdMs: (detector.hold_s ?? detector.window.within_s) * 1000,
    sees: detector.type === 'log' ? lineTest(detector) : () => false,
  }));
  return compiled;
}

function parse(id: string, text: string): When {
  const parsed = parseWhen(text);
  if (parsed.ok) return parsed.when;
  throw new Error(`${id}: \`${text}\`, column ${parsed.column}: ${parsed.message}`);
}
