import { pathToFileURL } from 'node:url';
import { intactBundle } from '@vigiles/server/intact-bundle';

/** Verbs that load the whole server. */
const HEAVY = new Set(['start', 'demo', 'backup', 'restore']);

/** The module that runs a command line: the bundle where a verb loads much and the bundle is up to date, else the source. */
export function runEntry(args: readonly string[]): string {
  const bundled = HEAVY.has(args[0] ?? '') ? intactBundle('control', 'run.js') : null;
  return bundled === null ? new URL('../run.ts', import.meta.url).href : pathToFileURL(bundled).href;
}
