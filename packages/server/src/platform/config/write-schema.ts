import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../files/write-atomic.ts';
import { configJsonSchema } from './schema-keys.ts';

/** Puts the JSON Schema beside `vigiles.yaml`, so that editors complete and check it without any network. */
export async function writeConfigSchema(home: string): Promise<void> {
  const path = join(home, 'vigiles.schema.json');
  const schema = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present !== schema) await writeAtomic(path, schema, 0o644);
}
