import type { PluginPermissions } from '@vigiles/contract';

export interface Places {
  /** Where Vigiles keeps secrets, keys and its store; no place of a plugin may hold it or lie in it. */
  home: string;
  /** What `~` stands for. */
  userHome: string;
  /** The plugin's own folder and its data folder, real paths. */
  folder: string;
  dataFolder: string;
  /** Folder of the code that its process begins with. */
  childFolder: string;
}

/** Whether one path is another or lies below it. */
const holds = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** A place of a manifest as an absolute path. */
export const absolutePlace = (place: string, userHome: string): string =>
  (place === '~/' || place.startsWith('~/') ? `${userHome}${place.slice(1)}` : place).replace(
    /(.)\/+$/,
    '$1',
  );

/** Why a place cannot be given to a plugin; null: it can. */
export function placeRefusal(place: string, { home, userHome }: Places): string | null {
  const path = absolutePlace(place, userHome);
  // Node reads both as more than one letter.
  if (/[*,]/.test(path)) return `${place}: a place must not have * or , in it`;
  if (holds(path, home) || holds(home, path))
    return `${place}: Vigiles’ own files, secrets among them, lie there`;
  return null;
}

/** A file, or a folder and all in it: which of them it is may change. */
const both = (path: string): string[] => (path === '/' ? ['/'] : [path, `${path}/`]);

/**
 * Node's options for a plugin's process: its permission model (nodejs.org/api/permissions.html, Node 24) with what was granted.
 * @param real resolves links: a granted link is granted with what it points to
 */
export function nodeArguments(
  granted: PluginPermissions,
  places: Places,
  heapMb: number,
  real: (path: string) => string,
): string[] {
  const paths = (list: readonly string[]): string[] =>
    list.flatMap((place) => {
      const path = absolutePlace(place, places.userHome);
      return [path, real(path)];
    });
  const read = new Set(
    [places.folder, places.dataFolder, places.childFolder, ...paths(granted.files.read)].flatMap(both),
  );
  const write = new Set([places.dataFolder, ...paths(granted.files.write)].flatMap(both));
  return [
    '--permission',
    ...[...read].map((path) => `--allow-fs-read=${path}`),
    ...[...write].map((path) => `--allow-fs-write=${path}`),
    ...(granted.processes ? ['--allow-child-process'] : []),
    `--max-old-space-size=${heapMb}`,
    // Otherwise any program of this account could open its debugger.
    '--disable-sigusr1',
    '--no-warnings',
  ];
}

/** Variables that change what the process may do, or how it loads code. */
const dangerous = /^(?:NODE_|LD_|DYLD_|VIGILES_|UV_|OPENSSL_|SSLKEYLOGFILE$)/i;

/** The whole environment of a plugin's process. */
export function childEnvironment(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined || dangerous.test(name) ? [] : [[name, value]];
    }),
  );
}
