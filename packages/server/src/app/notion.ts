import { createNotion } from '../features/integrations/notion/index.ts';
import type { Extend } from './extension.ts';

/** Pages of Notion and Markdown files, kept in step through the guarded way out. */
export const notion: Extend = (kit) => {
  const { home, store, events, egress, clock, newId, config, configuration, secrets } = kit;
  const { routes, component } = createNotion({
    home,
    store,
    events,
    egress,
    clock,
    newId,
    log: kit.log.child({ category: 'notion' }),
    config: () => config().notion,
    resolve: (text) => configuration.resolve(text),
    secrets,
  });
  return { routes, components: [component] };
};
