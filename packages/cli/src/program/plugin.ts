import type { Command } from 'commander';
import { declarePluginNew } from './plugin-new.ts';
import { integer, type Verbs } from './verb.ts';

const verbs = () => import('../verbs/plugin.ts');
const authors = () => import('../verbs/plugin-package.ts');

/** `plugin …`, which the console knows as `plugins` too. */
export function declarePlugins(program: Verbs): void {
  const { asking, group } = program;
  const plugin = group('plugin', 'what others have added: checks, actions, channels, providers').alias(
    'plugins',
  );
  const one = (name: string, description: string): Command => asking(name, description, plugin);
  const taking = (name: string, description: string): Command =>
    one(name, description).option(
      '--accept <consent>',
      'agree to the permissions that were shown under this word',
    );
  one('list', 'what is installed')
    .alias('installed')
    .action(async (options) => (await verbs()).pluginListVerb(options));
  one('search [words...]', 'what can be had')
    .option('--source <name>', 'local, bundled, or a registry')
    .option('-n, --limit <number>', 'at most so many', integer(1, 200), 50)
    .action(async (words, options) => (await verbs()).pluginSearchVerb(words, options));
  one('show <plugin>', 'all about one: permissions, versions, what is installed of it').action(
    async (id, options) => (await verbs()).pluginShowVerb(id, options),
  );
  taking(
    'install <plugin>',
    'install it, or id@version, with what it needs; shows permissions first and ends with 5',
  )
    .option('--source <name>', 'where several offer it')
    .option('--disabled', 'do not run it yet')
    .action(async (id, options) => (await verbs()).pluginInstallVerb(id, options));
  taking('update [installed-plugin]', 'take what is newer, of one (or id@version) or of all').action(
    async (id, options) => (await verbs()).pluginUpdateVerb(id, options),
  );
  one('uninstall <installed-plugin>', 'remove it; refused while another needs it')
    .option('--purge', 'delete what it kept for itself, too')
    .action(async (id, options) => (await verbs()).pluginChangeVerb('uninstall', id, options));
  for (const [name, description] of [
    ['enable', 'let it run'],
    ['disable', 'let it run no longer'],
    ['rollback', 'back to the version before'],
  ] as const)
    one(`${name} <installed-plugin>`, description).action(async (id, options) =>
      (await verbs()).pluginChangeVerb(name, id, options),
    );
  one('registries', 'the registries and how they were read last')
    .option('--refresh', 'read them now')
    .action(async (options) => (await verbs()).pluginRegistriesVerb(options));
  one('key', 'what others pin to trust what is published here').action(async (options) =>
    (await verbs()).pluginKeyVerb(options),
  );
  one(
    'verify <plugin-or-file>',
    'compare an installed plugin with its package, or read a package; 4 when damaged',
  ).action(async (what, options) => (await authors()).pluginVerifyVerb(what, options));
  declarePluginNew(program, plugin);
  one('pack [folder]', 'make a package of a folder with a plugin.json')
    .option('-o, --out <file>', 'where it is written')
    .action(async (folder, options) => (await authors()).pluginPackVerb(folder, options));
  one('publish <file>', 'publish a package, or a folder, on this Vigiles').action(async (file, options) =>
    (await authors()).pluginPublishVerb(file, options),
  );
}
