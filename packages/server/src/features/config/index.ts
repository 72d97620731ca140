import type { Clock } from '../../kernel/clock.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import type { Route } from '../../kernel/route.ts';
import { pathsForRestart, watchConfig, type Configuration } from '../../platform/config/index.ts';
import type { EventLog } from '../../platform/event-log/event-log.ts';
import { createConfigHistory } from './history.ts';
import { historyRoutes } from './history-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { configRoutes } from './routes.ts';

export interface ConfigFeature {
  routes: Route[];
  /** Watches the file and tells what came of it while it runs. */
  component: Component;
}

/** The configuration's routes, its history and hot reload, and the events `config.reloaded` and `config.rejected`. */
export function createConfigFeature(deps: {
  home: string;
  configuration: Configuration;
  events: Pick<EventLog, 'append'>;
  clock: Clock;
  log: Log;
}): ConfigFeature {
  const { configuration, events, clock, log } = deps;
  const begun = configuration.current();
  const needsRestart = (config = configuration.current()) => pathsForRestart(config, begun);
  const history = createConfigHistory(deps.home);
  const ends: (() => void)[] = [];
  const lost = (cause: unknown) => log.error({ err: cause }, 'A configuration event could not be recorded');
  const keep = (actor: string, changed: string[]): void => {
    const { revision } = configuration.state();
    history
      .keep({ ts: clock.now(), actor, revision, changed, text: configuration.text() })
      .catch((cause: unknown) =>
        log.error({ err: cause }, 'A version of the configuration could not be kept'),
      );
  };
  return {
    routes: [
      ...configRoutes(configuration, needsRestart),
      ...planRoutes(configuration, history, needsRestart),
      ...historyRoutes(configuration, history, needsRestart),
    ],
    component: {
      name: 'config',
      start() {
        // What was written while Vigiles was stopped is a version as well.
        keep('file', []);
        ends.push(
          configuration.subscribe((_next, _previous, changed, actor) => {
            keep(actor, changed);
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
