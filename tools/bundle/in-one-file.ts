import type { CodeSplittingOptions } from 'rolldown';

/** The bundler's answer about one module, as far as it is looked at. */
type Ask = (id: string) => { importedIds: string[] } | null;

/** What is loaded with these modules, themselves included. */
function loadedWith(starts: readonly string[], ask: Ask): Set<string> {
  const found = new Set(starts);
  for (const id of found) for (const next of ask(id)?.importedIds ?? []) found.add(next);
  return found;
}

/**
 * What a process loads when it starts becomes one file. Left to itself the bundler makes a file of each few modules that some later
 * part needs as well, and Node takes a millisecond for each.
 * @param starts the modules that a start loads one after the other
 */
export function inOneFile(starts: readonly string[]): CodeSplittingOptions {
  let together: Set<string> | null = null;
  return {
    includeDependenciesRecursively: false,
    groups: [
      {
        debugName: 'start',
        name: (id, context) => {
          together ??= loadedWith(starts, (each) => context.getModuleInfo(each));
          return together.has(id) ? 'start' : null;
        },
      },
    ],
  };
}
