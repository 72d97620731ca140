import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** A folder of "one of many": each file exports one definition under the same name. */
interface Family {
  folder: string;
  /** The export every file has: `check`, `action`, `provider`. */
  item: string;
  /** The name of the registry. */
  registry: string;
}

export const families: readonly Family[] = [
  { folder: 'packages/server/src/features/watchdog/checks', item: 'check', registry: 'checks' },
  { folder: 'packages/server/src/features/actions/actions', item: 'action', registry: 'actions' },
  { folder: 'packages/server/src/features/notifications/channels', item: 'channel', registry: 'channels' },
  { folder: 'packages/server/src/features/gateway/providers', item: 'provider', registry: 'providers' },
];

const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The text of a family's `registry.gen.ts`: sorted, so that two additions never conflict in meaning. */
export function registryText(
  root: string,
  { folder, item, registry }: Family,
  defines: (path: string) => boolean,
): string {
  const names = readdirSync(`${root}/${folder}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.gen.ts'))
    .filter((file) => defines(`${folder}/${file}`))
    .map((file) => basename(file, '.ts'))
    .toSorted();
  if (names.length === 0) throw new Error(`${folder}: no file exports \`${item}\``);
  const imports = names.map((name) => `import { ${item} as ${camel(name)} } from './${name}.ts';`);
  const entries = names.map((name) => (camel(name) === name ? `  ${name},` : `  '${name}': ${camel(name)},`));
  return `// Written by npm run gen. Do not edit.\n${imports.join('\n')}\n\nexport const ${registry} = {\n${entries.join('\n')}\n} as const;\n`;
}
