import type { PluginManifest } from '@vigiles/contract';
import { inRange, isCompatible, newestFirst } from './versions.ts';
import type { Offer } from './release.ts';

/** What is asked for, and what there is. */
export interface Wish {
  id: string;
  /** Exactly this version; absent: the newest that will do. */
  version?: string;
  /** Where it is taken from. */
  source: string;
  /** Keep a dependency that is installed and will do. */
  installed: ReadonlyMap<string, PluginManifest>;
  /** Versions of a plugin that can be had, from the source of the wish, or what comes with Vigiles. */
  offers(id: string): readonly Offer[];
  /** This Vigiles. */
  vigiles: string;
}

/** So many choices are tried before it is given up: an index must not keep this machine busy. */
const mostTries = 2000;

/** Versions of everything that must change, dependencies first; or why there is no way, in words. */
export type Resolution = { ok: true; take: Offer[] } | { ok: false; why: string };

/**
 * Finds versions that fit together: of each plugin one, newest first, with all that stays installed. A plugin that is installed
 * and will do stays as it is.
 */
export function resolve(wish: Wish): Resolution {
  let tries = 0;
  let why = '';
  const chosen = new Map<string, Offer>();
  const manifestOf = (id: string) => chosen.get(id)?.manifest ?? wish.installed.get(id);

  /** Why a version cannot stand beside what is installed and chosen already. */
  function clash({ manifest }: Offer): string | null {
    const { id, version, engine } = manifest;
    if (!isCompatible(wish.vigiles, engine))
      return `${id} ${version} works with Vigiles ${engine}, and this is ${wish.vigiles}`;
    for (const other of [...wish.installed.keys(), ...chosen.keys()]) {
      const needs = manifestOf(other)?.dependencies[id];
      if (other !== id && needs !== undefined && !inRange(version, needs))
        return `${other} ${manifestOf(other)?.version} needs ${id} ${needs}, which ${version} is not`;
    }
    return null;
  }

  /** Tries every version of a plugin in turn until all it needs can be had too. */
  function choose(id: string, range: string | null, path: readonly string[], then: () => boolean): boolean {
    if (path.includes(id)) {
      why = `${[...path.slice(path.indexOf(id)), id].join(' needs ')}: a circle`;
      return false;
    }
    const before = chosen.get(id)?.manifest ?? (range === null ? undefined : wish.installed.get(id));
    if (before && inRange(before.version, range ?? '*')) return then();
    if (chosen.has(id)) {
      why = `${path.at(-1)} needs ${id} ${range}, and ${id} ${before?.version} was already needed by another`;
      return false;
    }
    const wanted = range === null ? wish.version : undefined;
    const offers = wish
      .offers(id)
      .filter(({ manifest }) =>
        wanted === undefined ? inWish(manifest.version, range) : manifest.version === wanted,
      )
      .toSorted((a, b) => newestFirst(a.manifest.version, b.manifest.version));
    if (offers.length === 0) {
      const asked = wanted ?? range;
      const what = asked === null ? id : `${id} ${asked}`;
      why =
        path.length === 0
          ? `there is no ${what} to be had`
          : `${path.at(-1)} needs ${what}, which is not to be had`;
    }
    return offers.some((offer) => {
      tries += 1;
      if (tries > mostTries) return false;
      const problem = clash(offer);
      if (problem) {
        why = problem;
        return false;
      }
      chosen.set(id, offer);
      const needs = Object.entries(offer.manifest.dependencies);
      const next = (at: number): boolean => {
        const need = needs[at];
        return need ? choose(need[0], need[1], [...path, id], () => next(at + 1)) : then();
      };
      if (next(0)) return true;
      chosen.delete(id);
      return false;
    });
  }

  const found = choose(wish.id, null, [], () => true);
  if (!found) return { ok: false, why: tries > mostTries ? 'it was given up after too many tries' : why };
  return { ok: true, take: ordered(wish.id, chosen) };
}

const inWish = (version: string, range: string | null): boolean => range === null || inRange(version, range);

/** What something needs comes before it. There are no circles by now. */
function ordered(id: string, chosen: ReadonlyMap<string, Offer>): Offer[] {
  const done = new Set<string>();
  const take: Offer[] = [];
  const visit = (each: string): void => {
    const offer = chosen.get(each);
    if (!offer || done.has(each)) return;
    done.add(each);
    for (const need of Object.keys(offer.manifest.dependencies)) visit(need);
    take.push(offer);
  };
  visit(id);
  return take;
}
