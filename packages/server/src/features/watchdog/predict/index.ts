import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Series } from '../../series/index.ts';
import type { Signal } from '../core/detect/signal.ts';
import type { WatchedService } from '../watched-service.ts';
import { burnForeteller } from './burns.ts';
import { certificateForeteller } from './certificates.ts';
import type { BudgetBurn } from './core/burn.ts';
import { certificatesOf, limitsOf } from './limits.ts';
import { createPredictor } from './predictor.ts';
import { predictionRoutes } from './routes.ts';
import { trendForeteller } from './trends.ts';

export type { BudgetBurn } from './core/burn.ts';

export interface PredictionDeps {
  /** Without it no trend can be seen. */
  history?: Series;
  services: ReadonlyMap<string, WatchedService>;
  /** Budgets of which something is spent, with their pace; none unless given. */
  budgets?: () => Promise<readonly BudgetBurn[]>;
  clock: Clock;
  log: Log;
  /** To the rules of the catalogue: `prediction.memory` and its like. */
  signal(signal: Signal): void;
  /** A minute unless given. */
  everyMs?: number;
}

/** Failures that are on their way: looked for each minute, listed, and given to the catalogue, which tells people. */
export function createPrediction(deps: PredictionDeps) {
  const { history, services, budgets, clock, log, signal } = deps;
  const foretellers = [
    ...(history ? [trendForeteller({ history, clock, limitOf: limitsOf(services) })] : []),
    ...(budgets ? [burnForeteller(budgets, clock)] : []),
    certificateForeteller(() => [...certificatesOf(services)]),
  ];
  const { everyMs } = deps;
  const predictor = createPredictor({
    foretellers,
    clock,
    log,
    signal,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  return { ...predictor, routes: predictionRoutes(predictor) };
}
