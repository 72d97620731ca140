import type { Route } from '../../../kernel/route.ts';
import { actRoutes } from './act-routes.ts';
import type { SeedRoutesDeps } from './deps.ts';
import { readRoutes } from './read-routes.ts';

/** `/api/v1/logs` are the logs of Vigiles itself. */
const renamed: Readonly<Record<string, string>> = { '/api/logs': '/api/v1/recovery-log' };

const twinOf = (route: Route): Route => ({
  ...route,
  path: renamed[route.path] ?? route.path.replace('/api/', '/api/v1/'),
  operationId: `${route.operationId}V1`,
});

/** The API of the mission-control dashboard that came before, with a token and pages; each also under `/api/v1`. */
export const seedRoutes = (deps: SeedRoutesDeps): Route[] =>
  [...readRoutes(deps), ...actRoutes(deps)].flatMap((route) => [route, twinOf(route)]);
