import { parseDocument } from 'yaml';
import type { CatalogueProblem, FaultChange, PlannedFault } from '@vigiles/contract';
import type { Catalogue } from './catalogue.ts';
import { configFile } from './config-rules.ts';
import type { PreparedRule } from './prepared-rule.ts';
import { prepareInConfig, type RuleConfiguration } from './rule-in-config.ts';
import { prepareInFile } from './rule-in-file.ts';
import { readUserFiles } from './user-files.ts';

/** Where rules are written. */
export interface RuleHome {
  home: string;
  configuration: RuleConfiguration;
  catalogue: Catalogue;
}

/** What the file would be after a change, and what the loader would say. Nothing is written. */
export const planRule = async (at: RuleHome, change: FaultChange): Promise<PlannedFault> =>
  (await prepare(at, change)).plan;

async function prepare(at: RuleHome, change: FaultChange): Promise<PreparedRule> {
  const entry = change.yaml === undefined ? null : readRule(change.yaml);
  if (typeof entry === 'string') {
    const { revision } = at.configuration.state();
    const problems = [{ file: 'draft', line: 1, column: 1, message: entry }];
    const plan = { file: configFile, index: null, revision, before: '', after: '', problems };
    return { plan, write: async () => false };
  }
  const file = fileFor(at, change, entry);
  return file === configFile ? prepareInConfig(at, change, entry) : prepareInFile(at, file, change, entry);
}

const idOf = (entry: Record<string, unknown> | null): string =>
  typeof entry?.['id'] === 'string' ? entry['id'] : '';

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

/** An entry stays in the file it stands in; what is new is written into `vigiles.yaml`. */
function fileFor(
  { home, configuration, catalogue }: RuleHome,
  change: FaultChange,
  entry: Record<string, unknown> | null,
): string {
  const id = change.remove ?? change.replaces ?? idOf(entry);
  if (change.enable === undefined) return catalogue.find(id)?.file ?? configFile;
  const enabled = change.enable;
  if (configuration.current().watchdog.disabled_faults.includes(enabled)) return configFile;
  const disables = (text: string): boolean => {
    const list = (parseDocument(text).toJS() as { disable?: unknown } | null)?.disable;
    return Array.isArray(list) && list.includes(enabled);
  };
  return readUserFiles(home).find(({ text }) => disables(text))?.file ?? configFile;
}

/** One after the other: two who save at once do not overwrite each other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Makes the change, where everything in the files is right afterwards; with problems, or where the file is another than the
 * one that was planned with (`stale`), nothing is written.
 */
export function writeRule(
  at: RuleHome,
  change: FaultChange,
  actor: string,
): Promise<PlannedFault & { stale: boolean }> {
  const done = last.then(() => write(at, change, actor));
  last = done.catch(() => undefined);
  return done;
}

async function write(
  at: RuleHome,
  change: FaultChange,
  actor: string,
): Promise<PlannedFault & { stale: boolean }> {
  const { plan, write: writeIt } = await prepare(at, change);
  const { problems, revision } = plan;
  const isOther = change.revision !== undefined && change.revision !== revision;
  if (isOther || problems.length > 0) return { ...plan, stale: isOther };
  return { ...plan, stale: !(await writeIt(actor)) };
}

/** Problems as one error says them: the first with its place, and how many more there are. */
export function toldProblem(problems: readonly CatalogueProblem[]): string {
  const [first] = problems;
  if (!first) return '';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${first.file}:${first.line}:${first.column} ${first.message}${more}`;
}
