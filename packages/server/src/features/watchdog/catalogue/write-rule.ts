import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import type { CatalogueProblem } from '@vigiles/contract';
import { writeAtomic } from '../../../platform/files/write-atomic.ts';
import type { Catalogue } from './catalogue.ts';
import { faultFileJsonSchema } from './json-schema.ts';
import { catalogueFolder } from './user-files.ts';

/** Where the dashboard’s form writes. */
export const ruleFile = 'rules.yaml';
const HEAD =
  '# Faults of your own, written by the dashboard; edit them as you like.\n# yaml-language-server: $schema=./faults.schema.json\n';

export interface PlannedRule {
  before: string;
  after: string;
  problems: readonly CatalogueProblem[];
}

/** What the file would be with this entry (YAML or JSON of one fault) in it. Nothing is written. */
export async function planRule(home: string, catalogue: Catalogue, text: string): Promise<PlannedRule> {
  const before = await readFile(join(catalogueFolder(home), ruleFile), 'utf8').catch(() => '');
  const draft = parseDocument(text, { prettyErrors: false });
  const file = `catalogue/${ruleFile}`;
  const [broken] = draft.errors;
  if (broken || !isMap(draft.contents)) {
    const message = broken
      ? (broken.message.split('\n', 1)[0] ?? '')
      : 'one fault is expected: id, title, detectors …';
    return { before, after: before, problems: [{ file, line: 1, column: 1, message }] };
  }
  const after = withRule(before, draft);
  return { before, after, problems: catalogue.draft({ file, text: after }).problems };
}

/** Puts the entry where one of its id stands, or at the end; comments elsewhere stay. */
function withRule(before: string, draft: Document): string {
  const document = parseDocument(before.trim() === '' ? `${HEAD}faults: []\n` : before, {
    prettyErrors: false,
  });
  const id = draft.get('id');
  if (!isSeq(document.get('faults'))) document.set('faults', document.createNode([]));
  const faults = document.get('faults');
  if (!isSeq(faults)) return before;
  // One kind of style, or the new block would stand inside the brackets of an empty list.
  faults.flow = false;
  const at = faults.items.findIndex((item) => isMap(item) && item.get('id') === id);
  if (at < 0) faults.add(draft.contents);
  else faults.items[at] = draft.contents;
  return document.toString({ lineWidth: 120 });
}

/** Writes the entry, where it and everything else in the files is right; with problems nothing is written. */
export async function writeRule(home: string, catalogue: Catalogue, text: string): Promise<PlannedRule> {
  const plan = await planRule(home, catalogue, text);
  if (plan.problems.length > 0) return plan;
  await mkdir(catalogueFolder(home), { recursive: true });
  const schema = `${JSON.stringify(faultFileJsonSchema(), null, 2)}\n`;
  // Beside it, so that editors complete and check the file without any network.
  await writeAtomic(join(catalogueFolder(home), 'faults.schema.json'), schema, 0o644);
  await writeAtomic(join(catalogueFolder(home), ruleFile), plan.after, 0o644);
  await catalogue.reload();
  return plan;
}
