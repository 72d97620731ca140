import type { InstalledPlugin, PluginSummary, PluginVersionInfo } from '@vigiles/contract';
import { permissionDiff } from './permissions.ts';
import type { Installed, Offer } from './release.ts';
import { compareVersions, isCompatible, isPrerelease, newestFirst } from './versions.ts';

/** File name of a package. */
export const packageFile = (id: string, version: string): string => `${id}-${version}.tgz`;

/** Versions that could follow an installed one, newest first: from the same source, for this Vigiles. */
export function newerThan(one: Installed, offers: readonly Offer[], vigiles: string): Offer[] {
  return offers
    .filter(
      ({ source, manifest: { version, engine } }) =>
        source === one.source &&
        compareVersions(version, one.version) > 0 &&
        (!isPrerelease(version) || isPrerelease(one.version)) &&
        isCompatible(vigiles, engine),
    )
    .toSorted((a, b) => compareVersions(b.manifest.version, a.manifest.version));
}

/** What is installed, as the API tells it. */
export function installedView(one: Installed, offers: readonly Offer[], vigiles: string): InstalledPlugin {
  const newest = newerThan(one, offers, vigiles).find(({ manifest }) => manifest.version !== one.heldBack);
  return {
    id: one.id,
    version: one.version,
    state: one.problem === null ? 'ready' : 'damaged',
    problem: one.problem,
    enabled: one.enabled,
    source: one.source,
    sha512: one.sha512,
    manifest: one.manifest,
    granted: one.granted,
    folder: one.folder,
    previous_version: one.previous?.version ?? null,
    update: newest
      ? {
          version: newest.manifest.version,
          needs_consent: permissionDiff(one.granted, newest.manifest.permissions).grows,
        }
      : null,
    installed_at: one.installedAt,
    updated_at: one.updatedAt,
  };
}

/** The version that stands for a plugin in lists: of where it was installed from, else of the first source that has it. */
export function shownOffer(
  one: Installed | undefined,
  offers: readonly Offer[],
  vigiles: string,
): Offer | undefined {
  const source = offers.some((offer) => offer.source === one?.source) ? one?.source : offers[0]?.source;
  const mine = offers
    .filter((offer) => offer.source === source)
    .toSorted((a, b) => newestFirst(a.manifest.version, b.manifest.version));
  return mine.find(({ manifest }) => isCompatible(vigiles, manifest.engine)) ?? mine[0];
}

export function summaryOf(offer: Offer, one: InstalledPlugin | undefined, vigiles: string): PluginSummary {
  const { manifest } = offer;
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    category: manifest.category,
    license: manifest.license,
    author: manifest.author,
    homepage: manifest.homepage ?? null,
    documentation: manifest.documentation ?? null,
    source: offer.source,
    package_file: packageFile(manifest.id, manifest.version),
    package_size: offer.size,
    checksum: offer.sha256,
    sha512: offer.sha512,
    provides: manifest.provides,
    permissions: manifest.permissions,
    dependencies: Object.keys(manifest.dependencies),
    compatible: isCompatible(vigiles, manifest.engine),
    published_at: offer.published_at,
    installed: one !== undefined,
    installed_version: one?.version ?? null,
    update_available: Boolean(one?.update),
    enabled: one?.enabled ?? false,
  };
}

export const versionInfo = (offer: Offer, vigiles: string): PluginVersionInfo => ({
  version: offer.manifest.version,
  source: offer.source,
  engine: offer.manifest.engine,
  compatible: isCompatible(vigiles, offer.manifest.engine),
  prerelease: isPrerelease(offer.manifest.version),
  size: offer.size,
  sha512: offer.sha512,
  published_at: offer.published_at,
});

/** Whether all words of a question are somewhere in what a plugin says of itself. */
export function matches(offer: Offer, question: string): boolean {
  const { id, name, description, category, author, provides } = offer.manifest;
  const text = [
    id,
    name,
    description,
    category,
    author,
    ...provides.flatMap((each) => [each.kind, each.name]),
  ]
    .join(' ')
    .toLowerCase();
  return question
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
