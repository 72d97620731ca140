import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Series } from '../../series/index.ts';
import type { Signal } from '../core/detect/signal.ts';
import { createPredictor } from './predictor.ts';
import { predictionRoutes } from './routes.ts';
import { createPredictionAlert } from './tell.ts';

export interface PredictionDeps {
  /** Without it nothing can be foreseen. */
  history?: Series;
  events: EventLog;
  clock: Clock;
  log: Log;
  /** To the rules: `prediction.memory`, `prediction.latency`, `prediction.disk`. */
  signal(signal: Signal): void;
}

const noHistory = { hasHistory: () => false, ask: () => Promise.reject(new Error('no history')) };

/** Failures that are on their way: looked for each minute, listed, and told to people. */
export function createPrediction({ history, events, clock, log, signal }: PredictionDeps) {
  const tell = createPredictionAlert(events, log);
  const predictor = createPredictor({ history: history ?? noHistory, clock, log, signal, tell });
  return {
    routes: predictionRoutes(predictor),
    of: predictor.of,
    start: predictor.start,
    stop: predictor.stop,
  };
}
