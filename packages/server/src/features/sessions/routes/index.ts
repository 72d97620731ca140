import type { Route } from '../../../kernel/route.ts';
import { commandRoutes } from './command-routes.ts';
import { decisionRoutes } from './decision-routes.ts';
import type { SessionRoutesDeps } from './kit.ts';
import { seedRoutes } from './seed-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { skillRoutes } from './skill-routes.ts';

/** Everything about sessions over HTTP. */
export const allSessionRoutes = (deps: SessionRoutesDeps): Route[] => [
  ...seedRoutes(deps),
  ...sessionRoutes(deps),
  ...commandRoutes(deps),
  ...decisionRoutes(deps),
  ...skillRoutes(deps),
];
