import semver from 'semver';

/** Order of two versions by Semantic Versioning: `1.0.0-beta.2` is before `1.0.0`. */
export const compareVersions = (a: string, b: string): number => semver.compare(a, b);

export const isPrerelease = (version: string): boolean => semver.prerelease(version) !== null;

/** Whether a range means anything. */
export const isRange = (range: string): boolean => semver.validRange(range) !== null;

/** Whether a plugin's version will do; a prerelease only where the range names one of the same version, as npm has it. */
export const inRange = (version: string, range: string): boolean => semver.satisfies(version, range);

/** Whether this Vigiles is one a plugin works with; a prerelease of it counts as what it precedes. */
export const isCompatible = (vigiles: string, engine: string): boolean =>
  semver.satisfies(vigiles, engine, { includePrerelease: true });

/** Newest first; what is released before every prerelease, which nobody gets without asking for it. */
export const newestFirst = (a: string, b: string): number =>
  Number(isPrerelease(a)) - Number(isPrerelease(b)) || compareVersions(b, a);
