import { FaultFile, type CatalogueProblem, type FaultEntry } from '@vigiles/contract';
import { didYouMean, readYaml, type YamlSource } from '../../../platform/config/index.ts';
import type { z } from 'zod';

/** An entry and where it stands. */
export interface LocatedEntry {
  entry: FaultEntry;
  file: string;
  /** Its place in `faults`. */
  index: number;
  /** Where something of it stands: `at('detectors', 0, 'regex')`. */
  at(...path: (string | number)[]): { line: number; column: number };
}

/** What stands in one file: an own one of the catalogue, or `vigiles.yaml`. */
export interface ReadFaultFile {
  file: string;
  entries: LocatedEntry[];
  disable: { id: string; line: number; column: number }[];
  problems: CatalogueProblem[];
}

/** Reads one file of the catalogue: its form, every problem at once with its place. What it means is checked later. */
export function readFaultFile(file: string, text: string): ReadFaultFile {
  const source = readYaml(text);
  const problems: CatalogueProblem[] = source.problems.map(({ line, column, message }) => ({
    file,
    line,
    column,
    message,
  }));
  if (problems.length > 0) return { file, entries: [], disable: [], problems };
  const parsed = FaultFile.safeParse(source.value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(...fromIssue(file, source, issue));
    return { file, entries: [], disable: [], problems };
  }
  const entries = parsed.data.faults.map((entry, index) => ({
    entry,
    file,
    index,
    at: (...path: (string | number)[]) => source.placeOf(['faults', index, ...path]),
  }));
  const disable = parsed.data.disable.map((id, index) => {
    const { line, column } = source.placeOf(['disable', index]);
    return { id, line, column };
  });
  return { file, entries, disable, problems };
}

const isPart = (part: PropertyKey): part is string | number => typeof part !== 'symbol';

function fromIssue(file: string, source: YamlSource, issue: z.core.$ZodIssue): CatalogueProblem[] {
  const path = issue.path.filter(isPart);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => ({
      file,
      ...source.placeOfKey(path, key),
      path: [...path, key],
      message: `unknown key \`${key}\`${didYouMean(key, known)}`,
    }));
  }
  const said = issue.message.replace(/^Invalid input: /, '').replace(/^Invalid input$/, 'not a valid value');
  const where = nameOf(path);
  return [{ file, ...source.placeOf(path), path, message: where === '' ? said : `${where}: ${said}` }];
}

/** `faults.0.detectors.1.regex` as people count: `detectors[1].regex`. */
export function nameOf(path: readonly (string | number)[]): string {
  const inner = path[0] === 'faults' && typeof path[1] === 'number' ? path.slice(2) : path;
  return inner
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

const entryKeys = [
  'id',
  'category',
  'severity',
  'title',
  'applies_to',
  'detectors',
  'when',
  'tier1',
  'escalate',
  'verify',
  'clear_after_s',
  'docs',
  'examples',
];
const detectorKeys =
  'type signal window hold_s literal regex ignore_case scope event where state is metric above below file predicate within_s'.split(
    ' ',
  );

/** What could have been meant, for the words people write most. */
const knownKeys = (path: readonly (string | number)[]): string[] => {
  if (path.length === 0) return ['faults', 'disable'];
  if (path.length === 2) return entryKeys;
  return path[2] === 'detectors' && path.length === 4 ? detectorKeys : [];
};
