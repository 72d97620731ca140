import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { PluginDetail, PluginList, PluginReadme, PluginsConfig } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { Archives } from './archive/archives.ts';
import type { Catalogue } from './catalogue.ts';
import type { Offer } from './core/release.ts';
import { newestFirst } from './core/versions.ts';
import { installedView, matches, packageFile, shownOffer, summaryOf, versionInfo } from './core/views.ts';
import type { PluginFolders } from './folders.ts';
import { limitsOf, mustBeOn } from './settings.ts';
import type { PluginStore } from './store.ts';

export interface ListQuestion {
  search?: string | undefined;
  category?: string | undefined;
  source?: string | undefined;
  installed?: boolean | undefined;
  /** The id behind which the page begins. */
  after?: string | undefined;
  limit: number;
}

export interface ReadingDeps {
  store: PluginStore;
  catalogue: Catalogue;
  folders: PluginFolders;
  archives: Pick<Archives, 'readme'>;
  vigiles: string;
  config(): PluginsConfig;
}

/** So many are kept in memory. */
const mostReadmes = 64;

/** A package that is given out. */
export interface PackageBytes {
  plugin_id: string;
  filename: string;
  size: number;
  sha512: string;
  bytes: AsyncIterable<Uint8Array>;
}

const unknown = (id: string): never =>
  raise(fault('not-found', 'plugin_unknown', `There is no plugin “${id}”, neither installed nor to be had.`));

/** Questions about plugins; nothing is changed by them. */
export function createReading({ store, catalogue, folders, archives, vigiles, config }: ReadingDeps) {
  /** By digest: what a package says never changes. The one longest unasked for goes first. */
  const readmes = new Map<string, PluginReadme | null>();

  /** Null as well where the package is not here, or is not the one that was promised. */
  async function readmeOf(
    id: string,
    { source, sha512 }: { source: string; sha512: string },
    version: string,
  ): Promise<PluginReadme | null> {
    const known = readmes.get(sha512);
    if (known !== undefined) {
      readmes.delete(sha512);
      readmes.set(sha512, known);
      return known;
    }
    const file = folders.package(source, id, version, sha512);
    if (!(await stat(file).catch(() => null))) return null;
    const found = await archives
      .readme({ file, expected: sha512, limits: limitsOf(config()) })
      .catch(() => undefined);
    if (found === undefined) return null;
    readmes.set(sha512, found);
    const oldest = readmes.keys().next().value;
    if (readmes.size > mostReadmes && oldest !== undefined) readmes.delete(oldest);
    return found;
  }

  async function seen() {
    const [all, installed] = await Promise.all([catalogue.all(), store.installed()]);
    return { all, installed: new Map(installed.map((one) => [one.id, one])) };
  }

  return {
    async list(asked: ListQuestion): Promise<PluginList> {
      mustBeOn(config());
      const { all, installed } = await seen();
      const found: { id: string; offer: Offer }[] = [];
      for (const [id, offers] of all) {
        const some =
          asked.source === undefined ? offers : offers.filter(({ source }) => source === asked.source);
        const offer = shownOffer(installed.get(id), some, vigiles);
        if (!offer) continue;
        if (asked.search !== undefined && !matches(offer, asked.search)) continue;
        if (asked.category !== undefined && offer.manifest.category !== asked.category) continue;
        if (asked.installed !== undefined && installed.has(id) !== asked.installed) continue;
        found.push({ id, offer });
      }
      const sorted = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const from = asked.after === undefined ? 0 : sorted.findIndex(({ id }) => id > (asked.after ?? ''));
      const page = from < 0 ? [] : sorted.slice(from, from + asked.limit);
      const more = from >= 0 && from + asked.limit < sorted.length;
      return {
        plugins: page.map(({ id, offer }) => {
          const one = installed.get(id);
          return summaryOf(offer, one && installedView(one, all.get(id) ?? [], vigiles), vigiles);
        }),
        count: sorted.length,
        next: more ? (page.at(-1)?.id ?? null) : null,
      };
    },
    async detail(id: string): Promise<PluginDetail> {
      mustBeOn(config());
      const { all, installed } = await seen();
      const offers = all.get(id) ?? [];
      const one = installed.get(id);
      const offer = shownOffer(one, offers, vigiles);
      const manifest = offer?.manifest ?? one?.manifest ?? unknown(id);
      const view = one && installedView(one, offers, vigiles);
      const about = offer ?? one;
      return {
        id,
        manifest,
        package: offer ? { filename: packageFile(id, offer.manifest.version), size: offer.size } : null,
        latest: offer ? summaryOf(offer, view, vigiles) : null,
        versions: offers
          .toSorted((a, b) => newestFirst(a.manifest.version, b.manifest.version))
          .slice(0, 100)
          .map((each) => versionInfo(each, vigiles)),
        installed: view ?? null,
        readme: about ? await readmeOf(id, about, manifest.version) : null,
        needed_by: [...installed.values()]
          .filter((other) => other.id !== id && Object.hasOwn(other.manifest.dependencies, id))
          .map((other) => other.id),
      };
    },
    /** The package of a version that lies here: published here, come with Vigiles, or fetched for an installation. */
    async download(id: string, version: string | undefined): Promise<PackageBytes> {
      mustBeOn(config());
      const { all, installed } = await seen();
      const offers = all.get(id) ?? unknown(id);
      const offer =
        version === undefined
          ? shownOffer(installed.get(id), offers, vigiles)
          : (offers.find((each) => each.manifest.version === version && each.source === 'local') ??
            offers.find((each) => each.manifest.version === version));
      if (!offer)
        return raise(
          fault('not-found', 'plugin_version_unknown', `There is no version ${version} of “${id}”.`),
        );
      const file = folders.package(offer.source, id, offer.manifest.version, offer.sha512);
      const size = await stat(file).then(
        (found) => found.size,
        () => null,
      );
      if (size !== offer.size)
        return raise(
          fault(
            'not-found',
            'plugin_package_elsewhere',
            `The package of “${id}” ${offer.manifest.version} lies at “${offer.source}”, not here: install it first.`,
          ),
        );
      return {
        plugin_id: id,
        filename: packageFile(id, offer.manifest.version),
        size,
        sha512: offer.sha512,
        bytes: createReadStream(file),
      };
    },
  };
}

export type Reading = ReturnType<typeof createReading>;
