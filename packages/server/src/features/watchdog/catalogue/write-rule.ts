import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { CatalogueProblem, FaultChange, PlannedFault } from '@vigiles/contract';
import { writeAtomic } from '../../../platform/files/write-atomic.ts';
import type { Catalogue } from './catalogue.ts';
import { faultFileJsonSchema } from './json-schema.ts';
import { openRuleFile, type RuleFile } from './rule-edits.ts';
import { catalogueFolder, readUserFiles } from './user-files.ts';

/** Where new entries are written. */
const ruleFile = 'catalogue/rules.yaml';

type Home = { home: string; catalogue: Catalogue };

/** What the files would be after a change, and what the loader would say. Nothing is written. */
export async function planRule({ home, catalogue }: Home, change: FaultChange): Promise<PlannedFault> {
  const entry = change.yaml === undefined ? null : readRule(change.yaml);
  const file = fileFor(home, catalogue, change, entry);
  const before = await readFile(join(home, file), 'utf8').catch(() => '');
  const revision = createHash('sha256').update(before).digest('hex').slice(0, 32);
  const plan = { file, index: null, revision, before, after: before };
  const refuse = (message: string): PlannedFault => ({
    ...plan,
    problems: [{ file, line: 1, column: 1, message }],
  });
  if (typeof entry === 'string') return refuse(entry);
  const rules = openRuleFile(before);
  if (!rules) return { ...plan, problems: catalogue.draft({ file, text: before }).problems };
  const index = apply(rules, change, entry);
  const after = rules.text();
  return { ...plan, index, after, problems: catalogue.draft({ file, text: after }).problems };
}

function apply(
  rules: RuleFile,
  { remove, disable, enable, replaces }: FaultChange,
  entry: Record<string, unknown> | null,
): number | null {
  if (entry) return rules.put(entry, replaces ?? idOf(entry));
  if (remove !== undefined) rules.remove(remove);
  if (disable !== undefined) rules.setDisabled(disable, true);
  if (enable !== undefined) rules.setDisabled(enable, false);
  return null;
}

const idOf = ({ id }: Record<string, unknown>): string => (typeof id === 'string' ? id : '');

/** One fault, as YAML or JSON. A text: what is wrong with it. */
export function readRule(text: string): Record<string, unknown> | string {
  const draft = parseDocument(text, { prettyErrors: false });
  const [broken] = draft.errors;
  if (broken) return broken.message.split('\n', 1)[0] ?? '';
  const value: unknown = draft.toJS({ maxAliasCount: 20 });
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : 'one fault is expected: id, title, detectors …';
}

/** An entry stays in the file it stands in; what is new is written into the one of the dashboard. */
function fileFor(
  home: string,
  catalogue: Catalogue,
  change: FaultChange,
  entry: Record<string, unknown> | string | null,
): string {
  if (change.enable !== undefined) {
    const id = change.enable;
    const disables = (text: string): boolean => {
      const list = (parseDocument(text).toJS() as { disable?: unknown } | null)?.disable;
      return Array.isArray(list) && list.includes(id);
    };
    return readUserFiles(home).find(({ text }) => disables(text))?.file ?? ruleFile;
  }
  if (change.disable !== undefined) return ruleFile;
  const id = change.remove ?? change.replaces ?? (entry && typeof entry === 'object' ? idOf(entry) : '');
  return catalogue.find(id)?.file ?? ruleFile;
}

/** One after the other: two who save at once do not overwrite each other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Makes the change, where everything in the files is right afterwards; with problems, or where the file is another than the
 * one that was planned with (`stale`), nothing is written.
 */
export function writeRule(at: Home, change: FaultChange): Promise<PlannedFault & { stale: boolean }> {
  const done = last.then(() => write(at, change));
  last = done.catch(() => undefined);
  return done;
}

async function write(at: Home, change: FaultChange): Promise<PlannedFault & { stale: boolean }> {
  const plan = await planRule(at, change);
  const stale = change.revision !== undefined && change.revision !== plan.revision;
  if (stale || plan.problems.length > 0) return { ...plan, stale };
  const folder = catalogueFolder(at.home);
  await mkdir(folder, { recursive: true });
  const schema = `${JSON.stringify(faultFileJsonSchema(), null, 2)}\n`;
  // Beside it, so that editors complete and check the file without any network.
  await writeAtomic(join(folder, 'faults.schema.json'), schema, 0o644);
  await writeAtomic(join(at.home, plan.file), plan.after, 0o644);
  await at.catalogue.reload();
  return { ...plan, stale };
}

/** Problems as one error says them: the first with its place, and how many more there are. */
export function toldProblem(problems: readonly CatalogueProblem[]): string {
  const [first] = problems;
  if (!first) return '';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${first.file}:${first.line}:${first.column} ${first.message}${more}`;
}
