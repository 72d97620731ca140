import { createFigures, markerRoutes, seriesRoutes } from '../features/series/index.ts';
import type { Extend } from './extension.ts';

/** Charts over the history, and the figures that no service tells of. */
export const history: Extend = ({ series, home, clock, log, config, events }) => ({
  routes: [...seriesRoutes(series, () => clock.now()), ...markerRoutes(events, () => clock.now())],
  components: [
    createFigures({
      series,
      home,
      clock,
      log,
      host: () => config().series.host,
      subscribe: (handler) => events.subscribe(handler),
    }),
  ],
});
