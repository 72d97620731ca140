import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InstalledPlugin, PublishedPlugin } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { packFolder, readPackage } from '../launcher/plugins.ts';
import { clean } from '../output/clean.ts';
import { say, sayJson } from '../output/print.ts';
import { installedView, packageView } from '../views/plugin.ts';
import type { PluginOptions } from './plugin.ts';

const kindOf = (path: string): Promise<'file' | 'folder' | null> =>
  stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => null,
  );

/** `vigiles plugin pack [folder]`: needs no running Vigiles. */
export async function pluginPackVerb(
  folder: string | undefined,
  options: PluginOptions & { out?: string },
): Promise<void> {
  const root = resolve(folder ?? '.');
  const scratch = await mkdtemp(join(tmpdir(), 'vigiles-pack-'));
  try {
    // Its name follows from its manifest, which is read first.
    const { manifest } = await packFolder(root, join(scratch, 'package.tgz'));
    const out = resolve(options.out ?? `${manifest.id}-${manifest.version}.tgz`);
    const packed = await packFolder(root, out);
    if (options.json) sayJson({ file: out, ...packed });
    else say(packageView(packed, out));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `vigiles plugin publish <file|folder>` */
export async function pluginPublishVerb(path: string, options: PluginOptions): Promise<void> {
  const kind = await kindOf(path);
  if (kind === null) throw new CliError(`There is no ${clean(path)}.`, exitCode.usage);
  const scratch = await mkdtemp(join(tmpdir(), 'vigiles-publish-'));
  try {
    const file = kind === 'folder' ? join(scratch, 'package.tgz') : resolve(path);
    if (kind === 'folder') await packFolder(resolve(path), file);
    // What is wrong is told here, before it is sent.
    const { size } = await stat(file);
    if (size > 50 * 1_048_576) throw new CliError('The package is larger than 50 MB.', exitCode.failure);
    const bytes = new Uint8Array(await readFile(file));
    const digest = createHash('sha512').update(bytes).digest('base64');
    const done = await connect(homeOf(options.home)).upload<PublishedPlugin>(
      '/api/v1/plugin/publish',
      bytes,
      {
        'content-type': 'application/gzip',
        'repr-digest': `sha-512=:${digest}:`,
      },
    );
    if (options.json) sayJson(done);
    else say(`${done.plugin_id} ${done.version} is published; the index has version ${done.index_version}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `vigiles plugin verify <plugin|file>`; ends with 4 when it is not what was installed. */
export async function pluginVerifyVerb(what: string, options: PluginOptions): Promise<void> {
  if ((await kindOf(what)) === 'file') {
    const read = await readPackage(what);
    if (options.json) sayJson({ file: resolve(what), ...read });
    else say(packageView(read, resolve(what)));
    return;
  }
  const path = `/api/v1/plugin/${encodeURIComponent(what)}/verify`;
  const plugin = await connect(homeOf(options.home)).send<InstalledPlugin>('POST', path, undefined, 310_000);
  if (options.json) sayJson(plugin);
  else say(installedView([plugin]));
  if (plugin.state === 'damaged') throw new CliError('', exitCode.unhealthy);
}
