import type { CatalogueProblem, FaultEntry } from '@vigiles/contract';
import { compileEntry, type CompiledEntry } from '../core/detect/compiled.ts';
import { checkCatalogue, type KnownActions } from './check-catalogue.ts';
import { lineTest } from './line-test.ts';
import type { ReadFaultFile } from './read-fault-file.ts';

/** One entry with where it comes from. */
export interface KnownFault {
  entry: FaultEntry;
  source: 'built-in' | 'user';
  file: string | null;
  enabled: boolean;
  overrides: boolean;
}

export interface Assembled {
  /** In force, users’ own first: what they know better decides before ours. */
  compiled: CompiledEntry[];
  /** All of them, also what is switched off, by id. */
  known: Map<string, KnownFault>;
  problems: CatalogueProblem[];
}

/** Puts users’ rules over what is built in, in the order of their files. With any problem, nothing of them is in force. */
export function assemble(
  builtIn: readonly FaultEntry[],
  read: readonly ReadFaultFile[],
  actions: KnownActions,
): Assembled {
  const located = read.flatMap(({ entries }) => entries);
  const checked = checkCatalogue(located, actions);
  const problems = [...read.flatMap((one) => one.problems), ...checked.problems];
  const own = new Map(located.map(({ entry, file }) => [entry.id, { entry, file }]));
  const builtInIds = new Set(builtIn.map(({ id }) => id));
  const disabled = new Set<string>();
  for (const { file, disable } of read)
    for (const { id, line, column } of disable) {
      disabled.add(id);
      if (!builtInIds.has(id) && !own.has(id))
        problems.push({ file, line, column, message: `there is no fault \`${id}\` to disable` });
    }
  if (problems.length > 0) return { compiled: [], known: new Map(), problems };
  const known = new Map<string, KnownFault>();
  const compiled: CompiledEntry[] = [];
  for (const one of checked.compiled) {
    const { id } = one.entry;
    const enabled = !disabled.has(id);
    const file = own.get(id)?.file ?? null;
    known.set(id, { entry: one.entry, source: 'user', file, enabled, overrides: builtInIds.has(id) });
    if (enabled) compiled.push({ ...one, order: compiled.length });
  }
  for (const entry of builtIn) {
    if (known.has(entry.id)) continue;
    const enabled = !disabled.has(entry.id);
    known.set(entry.id, { entry, source: 'built-in', file: null, enabled, overrides: false });
    if (enabled) compiled.push(compileEntry(entry, compiled.length, lineTest));
  }
  // Detectors name their owner: a copy with another order is another owner.
  for (const one of compiled) for (const detector of one.detectors) detector.owner = one;
  return { compiled, known, problems: [] };
}
