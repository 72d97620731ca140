import type {
  InstalledPlugin,
  PluginDetail,
  PluginList,
  PluginManifest,
  PluginOutcome,
  PluginPermissions,
  PluginPlan,
  PluginRegistryStatus,
  PluginSummary,
} from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';

/** Every permission in a line of its own, in words. */
export const permissionLines = ({ network, files, secrets, env, processes }: PluginPermissions): string[] => [
  ...network.map((host) => (host === '*' ? 'reach every host' : `reach ${clean(host)}`)),
  ...files.read.map((path) => `read ${clean(path)}`),
  ...files.write.map((path) => `write ${clean(path)}`),
  ...secrets.map((name) => `use the secret ${clean(name)}`),
  ...env.map((name) => `see the variable ${clean(name)}`),
  ...(processes ? ['start processes: with that it can do whatever Vigiles can'] : []),
];

const stateOf = ({ state, enabled, problem }: InstalledPlugin): Painted => ({
  painted:
    state === 'damaged'
      ? red(`✖ damaged: ${clean(problem ?? '')}`)
      : enabled
        ? green('● enabled')
        : dim('○ disabled'),
});

const updateOf = ({ update }: InstalledPlugin): string =>
  update ? `${update.version}${update.needs_consent ? ' (new permissions)' : ''}` : '';

/** `vigiles plugin list` */
export const installedView = (plugins: readonly InstalledPlugin[]): string =>
  plugins.length === 0
    ? dim('No plugin is installed: vigiles plugin search')
    : table(
        [
          { title: 'PLUGIN', flexible: true },
          { title: 'VERSION' },
          { title: 'STATE', flexible: true },
          { title: 'UPDATE', optional: true },
          { title: 'FROM', optional: true },
        ],
        plugins.map((one) => [one.id, one.version, stateOf(one), updateOf(one), one.source]),
      );

const markOf = ({
  installed_version: version,
  compatible,
  update_available: update,
}: PluginSummary): string => {
  if (!compatible) return 'not for this Vigiles';
  if (version === null) return '';
  return update ? `${version}, update` : 'installed';
};

/** `vigiles plugin search` */
export const foundView = ({ plugins, count, next }: PluginList): string =>
  plugins.length === 0
    ? dim('Nothing was found.')
    : [
        table(
          [
            { title: 'PLUGIN', flexible: true },
            { title: 'VERSION' },
            { title: 'DESCRIPTION', flexible: true },
            { title: 'FROM', optional: true },
            { title: '', optional: true },
          ],
          plugins.map((one) => [one.id, one.version, one.description, one.source, markOf(one)]),
        ),
        ...(next === null ? [] : [dim(`${plugins.length} of ${count}: search for more words, or --limit.`)]),
      ].join('\n');

const field = (name: string, value: string): string => `${dim(name.padEnd(12))}${value}`;

function manifestLines({
  license,
  author,
  engine,
  category,
  homepage,
  provides,
  dependencies,
}: PluginManifest): string[] {
  const needs = Object.entries(dependencies).map(([id, range]) => `${id} ${range}`);
  return [
    field('author', clean(author)),
    field('licence', clean(license)),
    field('category', category),
    field('adds', provides.map(({ kind, name }) => `${kind} ${name}`).join(', ')),
    field('works with', `Vigiles ${clean(engine)}`),
    ...(needs.length === 0 ? [] : [field('needs', clean(needs.join(', ')))]),
    ...(homepage === undefined ? [] : [field('homepage', clean(homepage))]),
  ];
}

const mayLines = (permissions: PluginPermissions): string[] => {
  const lines = permissionLines(permissions);
  return lines.length === 0 ? [dim('  nothing but compute')] : lines.map((line) => `  ${line}`);
};

/** `vigiles plugin show` */
export function detailView({ id, manifest, versions, installed, needed_by: neededBy }: PluginDetail): string {
  return [
    `${bold(clean(manifest.name))} ${manifest.version} ${dim(id)}`,
    clean(manifest.description),
    '',
    ...manifestLines(manifest),
    ...(installed ? [field('installed', `${installed.version} from ${installed.source}`)] : []),
    ...(installed?.previous_version ? [field('before', installed.previous_version)] : []),
    ...(neededBy.length === 0 ? [] : [field('needed by', neededBy.join(', '))]),
    '',
    bold('It may'),
    ...mayLines(manifest.permissions),
    ...(versions.length === 0 ? [] : ['', bold('Versions')]),
    ...versions
      .slice(0, 20)
      .map(
        ({ version, source, compatible }) =>
          `  ${version} ${dim(source)}${compatible ? '' : yellow(' not for this Vigiles')}`,
      ),
  ].join('\n');
}

/** What would be installed, and what it asks for beyond what was granted. */
export const planView = ({ steps }: PluginPlan): string =>
  steps
    .flatMap(({ id, name, from, to, source, permissions }) => [
      `${bold(clean(name))} ${from === null ? to : `${from} → ${to}`} ${dim(`${id}, from ${source}`)}`,
      ...permissionLines(permissions.added).map((line) => `  ${yellow('+')} ${line}`),
      ...permissionLines(permissions.removed).map((line) => `  ${dim(`- ${line}`)}`),
    ])
    .join('\n');

/** One line about what was done. */
export function outcomeLine({ plugin_id: id, status, plugin, also, data }: PluginOutcome): string {
  const with_ = also.length === 0 ? '' : `, with ${also.join(', ')}`;
  const left = !data
    ? ''
    : data.kept
      ? `; what it kept stays in ${clean(data.folder)} (--purge deletes it)`
      : '; what it kept is deleted';
  return `${bold(id)}${plugin ? ` ${plugin.version}` : ''}: ${status.replaceAll('_', ' ')}${with_}${left}`;
}

/** `vigiles plugin registries` */
export const registriesView = (registries: readonly PluginRegistryStatus[]): string =>
  registries.length === 0
    ? dim('There are none: plugins.registries in vigiles.yaml')
    : table(
        [
          { title: 'NAME' },
          { title: 'ADDRESS', flexible: true, optional: true },
          { title: 'PLUGINS', align: 'right' },
          { title: 'INDEX', align: 'right', optional: true },
          { title: 'STATE', flexible: true },
        ],
        registries.map(({ name, url, plugins, version, problem }) => [
          name,
          url,
          String(plugins),
          version === null ? '' : String(version),
          { painted: problem === null ? green('● read') : red(`✖ ${clean(problem)}`) },
        ]),
      );

/** A package that was made or read. */
export const packageView = (
  {
    manifest,
    bytes,
    entries,
    sha512,
  }: { manifest: PluginManifest; bytes: number; entries: number; sha512: string },
  file: string,
): string =>
  [
    `${bold(clean(manifest.name))} ${manifest.version} ${dim(manifest.id)}`,
    field('file', clean(file)),
    field('size', `${bytes} bytes, ${entries} files`),
    field('digest', sha512),
    '',
    bold('It may'),
    ...mayLines(manifest.permissions),
  ].join('\n');
