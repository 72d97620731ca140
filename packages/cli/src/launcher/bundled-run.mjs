import { existsSync } from 'node:fs';

const besideServer = new URL('../../../server/dist/control/', import.meta.url);

/**
 * Runs command lines from the bundle, or null where it is not made of the sources that lie here. The bundle holds what
 * finds that out as plain JavaScript: one made of something else says so of itself.
 */
export async function bundledRun(folder = besideServer) {
  const judge = new URL('intact-bundle.js', folder);
  if (!existsSync(judge)) return null;
  const { intactBundle } = await import(judge.href);
  if (intactBundle('control', 'run.js') === null) return null;
  const { run } = await import(new URL('run.js', folder).href);
  return run;
}
