import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../../packages/server/src/app/migrations.ts';
import { silentLog } from '../../packages/server/src/kernel/log.ts';
import { createStore } from '../../packages/server/src/platform/store/index.ts';
import { describeSchema } from '../../packages/server/src/platform/store/sqlite/describe-schema.ts';

export const newSchema = 'packages/server/src/app/new-schema.gen.ts';

/** What all migrations make of an empty SQLite file. */
export async function newSchemaText(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-schema-'));
  try {
    const store = await createStore({ home, migrations, log: silentLog });
    await store.close();
    const { migrations: names, sql } = describeSchema(join(home, 'vigiles.db'));
    const list = (texts: readonly string[]) => texts.map((text) => `    ${JSON.stringify(text)},\n`).join('');
    return `// Made by \`npm run gen\`: what all migrations make of an empty SQLite file.
import type { NewSchema } from '../platform/store/index.ts';

export const newSchema: NewSchema = {
  migrations: [
${list(names)}  ],
  sql: [
${list(sql)}  ],
};
`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
