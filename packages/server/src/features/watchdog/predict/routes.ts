import { z } from 'zod';
import { Prediction } from '@vigiles/contract';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { Predictor } from './predictor.ts';

/** Failures that are on their way. */
export const predictionRoutes = (predictor: Predictor): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api/v1/predictions',
    operationId: 'listPredictions',
    summary: 'Failures that are foreseen, with the time that is left',
    tag: 'series',
    scope: 'read',
    audit: 'none',
    tier: 'light',
    success: z.object({ predictions: z.array(Prediction) }),
    faults: [],
    handle: async () => ({ predictions: predictor.list() }),
  }),
];
