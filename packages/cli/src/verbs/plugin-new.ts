import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PluginManifest, type PluginProvisionKind } from '@vigiles/contract';
import { CliError, exitCode } from '../exit-codes.ts';
import { say } from '../output/print.ts';
import { skeletonFiles } from '../plugin-skeleton/skeleton.ts';

interface Options {
  kind: PluginProvisionKind[];
  folder?: string;
}

/** `vigiles plugin new <name>`: nothing that is there already is written over. */
export async function newPluginVerb(name: string, { kind, folder }: Options): Promise<void> {
  const target = resolve(folder ?? name);
  const files = skeletonFiles(name, [...new Set(kind)]);
  const manifest = PluginManifest.safeParse(JSON.parse(files['plugin.json'] ?? ''));
  if (!manifest.success) {
    const [first] = manifest.error.issues;
    throw new CliError(`“${name}” cannot be the id of a plugin: ${first?.message}.`, exitCode.usage);
  }
  const there = await readdir(target).catch(() => []);
  if (there.length > 0) throw new CliError(`${target} is there already, and not empty.`, exitCode.failure);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), text, { flag: 'wx' });
  }
  say(`Written to ${target}:`);
  for (const path of Object.keys(files).toSorted()) say(`  ${path}`);
  say(`Try it: cd ${target} && node --test test/*.test.mjs`);
}
