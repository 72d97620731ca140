import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import { createStore, type StoreOptions } from '../platform/store/index.ts';
import { describeSchema } from '../platform/store/sqlite/describe-schema.ts';
import { migrations } from './migrations.ts';
import { newSchema } from './new-schema.gen.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-new-schema-'));
after(() => rmSync(home, { recursive: true, force: true }));

async function made(name: string, options: Partial<StoreOptions>) {
  const path = join(home, name);
  const given = { home, url: `sqlite:${path}`, migrations, log: silentLog, ...options };
  await (await createStore(given)).close();
  return describeSchema(path);
}

test('a database made at once is the one that all migrations make, step by step', async () => {
  assert.deepEqual(
    await made('at-once.db', { newSchema: async () => newSchema }),
    await made('steps.db', {}),
  );
});

test('what was made for other migrations is not used', async () => {
  const other = { migrations: newSchema.migrations.slice(1), sql: ['create table strange (id integer);'] };
  const found = await made('other.db', { newSchema: async () => other });
  assert.deepEqual(found, newSchema);
});

test('a database that is there already is left as it is and brought up to date', async () => {
  const [first = '', ...later] = Object.keys(migrations).toSorted();
  assert.ok(later.length > 10);
  const { [first]: one } = migrations;
  assert.ok(one);
  await made('old.db', { migrations: { [first]: one } });
  const found = await made('old.db', { newSchema: () => assert.fail('it is not new') });
  assert.deepEqual(found.migrations, newSchema.migrations);
});
