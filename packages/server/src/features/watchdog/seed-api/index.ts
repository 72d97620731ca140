import { takeSnapshot } from './snapshot.ts';
import { createPublisher, type PublisherDeps } from './publisher.ts';
import { createHistory, type HistoryDeps } from './history.ts';
import { seedRoutes } from './routes.ts';
import type { SeedRoutesDeps } from './deps.ts';
import type { Beats } from '../beats/beats.ts';

export interface SeedApiDeps
  extends Omit<HistoryDeps, 'take'>, Omit<SeedRoutesDeps, 'history' | 'snapshot' | 'lookNow' | 'running'> {
  beats: Beats;
  /** Clients that follow the health of the fleet, and the way to them. */
  watching: () => number;
  publish: PublisherDeps['publish'];
}

/** What clients of the earlier mission-control dashboard expect. */
export function createSeedApi(deps: SeedApiDeps) {
  const { services, beats, clock } = deps;
  const snapshot = () => takeSnapshot(services.values(), beats, clock.now());
  const history = createHistory({ ...deps, take: snapshot });
  const publisher = createPublisher({
    ...deps,
    take: snapshot,
    fingerprint: () => [...services.values()].map(({ memory }) => memory().state).join(),
  });
  let isRunning = false;
  const routes = seedRoutes({
    ...deps,
    history,
    snapshot,
    running: () => isRunning,
    async lookNow(names) {
      await Promise.all(names.map(async (name) => services.get(name)?.lookNow()));
    },
  });
  return {
    routes,
    start(): void {
      isRunning = true;
      history.start();
      publisher.start();
    },
    stop(): void {
      isRunning = false;
      history.stop();
      publisher.stop();
    },
  };
}
