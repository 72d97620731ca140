import type { HttpMethod } from '../../kernel/route.ts';

/** Tells which methods exist for a path: to answer 405 instead of 404. */
export function pathMatcher(routes: readonly { path: string; method?: HttpMethod }[]) {
  const patterns = routes.map((route) => ({
    method: route.method ?? 'GET',
    pattern: new RegExp(
      `^${route.path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z_]+/g, '[^/]+')}$`,
    ),
  }));
  return (path: string): HttpMethod[] => [
    ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
  ];
}
