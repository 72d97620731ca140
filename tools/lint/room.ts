import { posix } from 'node:path';

/** Where a file lives in the house. */
export interface Room {
  /** Workspace folder name, or `root` for tools, bench, e2e and files at the top. */
  package: string;
  /** In the server: kernel, platform, features, app or testing. Elsewhere empty. */
  layer: string;
  /** In the server's features and platform: the folder below. */
  feature: string;
  /** Inside a `core/` folder. */
  core: boolean;
  test: boolean;
}

export function roomOf(path: string): Room {
  const parts = path.split('/');
  const test =
    /\.test\.tsx?$/.test(path) ||
    parts.some((part) => ['testing', 'conformance', '__fixtures__'].includes(part));
  if (parts[0] !== 'packages') return { package: 'root', layer: '', feature: '', core: false, test };
  const inServer = parts[1] === 'server';
  return {
    package: parts[1] ?? '',
    layer: inServer ? (parts[3] ?? '') : '',
    feature: inServer && parts.length > 5 ? (parts[4] ?? '') : '',
    core: inServer && parts.slice(4, -1).includes('core'),
    test,
  };
}

/** The file a relative import points to, from the root of the repository; null for packages and built-ins. */
export function resolveRelative(from: string, request: string): string | null {
  return request.startsWith('.') ? posix.join(posix.dirname(from), request) : null;
}
