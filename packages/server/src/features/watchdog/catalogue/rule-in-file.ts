import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultChange } from '@vigiles/contract';
import { writeAtomic } from '../../../platform/files/write-atomic.ts';
import type { Catalogue } from './catalogue.ts';
import { faultFileJsonSchema } from './json-schema.ts';
import type { PreparedRule } from './prepared-rule.ts';
import { readFaultFile } from './read-fault-file.ts';
import { openRuleFile, type RuleFile } from './rule-edits.ts';
import { catalogueFolder } from './user-files.ts';

/** Prepares a change of one of the catalogue’s files. */
export async function prepareInFile(
  { home, catalogue }: { home: string; catalogue: Catalogue },
  file: string,
  change: FaultChange,
  entry: Record<string, unknown> | null,
): Promise<PreparedRule> {
  const before = await readFile(join(home, file), 'utf8').catch(() => '');
  const revision = createHash('sha256').update(before).digest('hex').slice(0, 32);
  const rules = openRuleFile(before);
  const index = rules ? apply(rules, change, entry) : null;
  const after = rules ? rules.text() : before;
  const { problems } = catalogue.draft(readFaultFile(file, after));
  return {
    plan: { file, index, revision, before, after, problems },
    async write() {
      const folder = catalogueFolder(home);
      await mkdir(folder, { recursive: true });
      const schema = `${JSON.stringify(faultFileJsonSchema(), null, 2)}\n`;
      // Beside it, so that editors complete and check the file without any network.
      await writeAtomic(join(folder, 'faults.schema.json'), schema, 0o644);
      await writeAtomic(join(home, file), after, 0o644);
      await catalogue.reload();
      return true;
    },
  };
}

function apply(
  rules: RuleFile,
  { remove, enable, replaces }: FaultChange,
  entry: Record<string, unknown> | null,
): number | null {
  if (entry) return rules.put(entry, replaces ?? String(entry['id']));
  if (remove !== undefined) rules.remove(remove);
  if (enable !== undefined) rules.enable(enable);
  return null;
}
