import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import type { Route } from '../../kernel/route.ts';
import { pathsForRestart, watchConfig, type Configuration } from '../../platform/config/index.ts';
import type { EventLog } from '../../platform/event-log/event-log.ts';
import { configRoutes } from './routes.ts';

export interface ConfigFeature {
  routes: Route[];
  /** Watches the file and tells what came of it while it runs. */
  component: Component;
}

/** The configuration's routes, its hot reload, and the events `config.reloaded` and `config.rejected`. */
export function createConfigFeature(deps: {
  configuration: Configuration;
  events: Pick<EventLog, 'append'>;
  log: Log;
}): ConfigFeature {
  const { configuration, events, log } = deps;
  const begun = configuration.current();
  const needsRestart = () => pathsForRestart(configuration.current(), begun);
  const ends: (() => void)[] = [];
  const lost = (cause: unknown) => log.error({ err: cause }, 'A configuration event could not be recorded');
  return {
    routes: configRoutes(configuration, needsRestart),
    component: {
      name: 'config',
      start() {
        ends.push(
          configuration.subscribe((_next, _previous, changed, actor) => {
            const data = { changed, actor, needs_restart: needsRestart() };
            log.info(data, 'Configuration reloaded');
            events.append('config.reloaded', { actor, subject: 'config', data }).catch(lost);
          }),
          configuration.onRejected((problems) => {
            if (problems.length === 0) return;
            log.warn({ problems }, 'The new configuration was refused; the last good one stays in force');
            events
              .append('config.rejected', { actor: 'file', subject: 'config', data: { problems } })
              .catch(lost);
          }),
          watchConfig(configuration),
        );
      },
      stop() {
        for (const end of ends.splice(0)) end();
      },
    },
  };
}
