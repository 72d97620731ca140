import { stringify } from 'yaml';
import type { CatalogueProblem } from '@vigiles/contract';
import { knownActions } from '../../actions/index.ts';
import type { CompiledEntry } from '../core/detect/compiled.ts';
import { checkAlone } from './check-catalogue.ts';
import { readFaultFile } from './read-fault-file.ts';
import { readRule } from './write-rule.ts';

const file = 'draft';

/** Stands in for what people write last: documentation and examples do not matter to what an entry sees. */
const unwritten = {
  title: 'A draft',
  docs: { what: '-', seen: '-', done: '-', person: '-' },
  examples: { match: ['-'] },
};

/** An entry that is being written, ready to be tried on lines; or why it cannot be tried yet. */
export function draftRule(text: string): { compiled: CompiledEntry[]; problems: CatalogueProblem[] } {
  const entry = readRule(text);
  if (typeof entry === 'string')
    return { compiled: [], problems: [{ file, line: 1, column: 1, message: entry }] };
  const read = readFaultFile(file, stringify({ faults: [{ ...entry, ...unwritten }] }));
  const [one] = read.entries;
  return one ? checkAlone(one, knownActions) : { compiled: [], problems: read.problems };
}
