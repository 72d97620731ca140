import { createWeb, webRoutes } from '../features/web/index.ts';
import type { Extend } from './extension.ts';

/** Pages of the web for agents and devices, through the guarded way out. */
export const webPages: Extend = ({ egress, clock, config, version, quotas }) => {
  const web = createWeb({ egress, clock, config: () => config().web, version, quotas });
  return { routes: webRoutes(web), components: [{ name: 'web pages', stop: () => web.close() }] };
};
