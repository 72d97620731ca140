import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseSync } from 'rolldown/utils';
import { families, registryText } from './gen/registries.ts';
import { catalogueFolder, faultModule, readBuiltInFaults } from './gen/fault-catalogue.ts';
import { faultReference } from './gen/fault-reference.ts';

const root = process.cwd();
const checkOnly = process.argv.includes('--check');
const stale: string[] = [];

/** Writes a generated file, or with `--check` notes that it is stale. */
function emit(path: string, text: string): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (before === text) return;
  stale.push(path);
  if (checkOnly) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

for (const family of families) {
  const defines = (path: string) =>
    parseSync(path, readFileSync(`${root}/${path}`, 'utf8')).module.staticExports.some((found) =>
      found.entries.some(
        (entry) => entry.exportName.kind === 'Name' && entry.exportName.name === family.item,
      ),
    );
  emit(`${family.folder}/registry.gen.ts`, registryText(root, family, defines));
}

const faults = readBuiltInFaults();
emit(`${catalogueFolder}/built-in.gen.ts`, faultModule(faults));
emit('docs/reference/faults.md', faultReference(faults));

// What control opens its store with.
const { newSchema, newSchemaText } = await import('./gen/new-schema.ts');
emit(newSchema, await newSchemaText());

// Imported only now: the server cannot load before its registries are right.
const { configJsonSchema, controlOpenApi, faultFileJsonSchema, healing, servingRoutes } =
  await import('@vigiles/server');
const { verdictCounts, verdictCountsText } = await import('./gen/verdict-counts.ts');
const { eventReference } = await import('./gen/event-reference.ts');
const { cliReference } = await import('./gen/cli-reference.ts');
const { configReference } = await import('./gen/config-reference.ts');
const { actionReference } = await import('./gen/action-reference.ts');
const { providerReference } = await import('./gen/provider-reference.ts');

const schema = configJsonSchema();
emit('docs/reference/vigiles.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
emit('docs/reference/faults.schema.json', `${JSON.stringify(faultFileJsonSchema(), null, 2)}\n`);
emit('docs/reference/config.md', configReference(schema));
emit(
  'docs/reference/openapi.json',
  `${JSON.stringify(await controlOpenApi([healing, servingRoutes]), null, 2)}\n`,
);
emit(verdictCounts, verdictCountsText());
emit('docs/reference/events.md', eventReference());
emit('docs/reference/cli.md', cliReference());
emit('docs/reference/providers.md', providerReference());
emit('docs/reference/actions.md', actionReference());

if (checkOnly && stale.length > 0) {
  console.error(`stale, run \`npm run gen\`:\n  ${stale.join('\n  ')}`);
  process.exitCode = 1;
} else console.log(stale.length > 0 ? `written:\n  ${stale.join('\n  ')}` : 'generated files are fresh');
process.exit();
