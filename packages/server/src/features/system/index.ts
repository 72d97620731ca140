export { addMetrics, createMetrics, type MetricFamily, type MetricSource } from './metrics.ts';
export { systemRoutes, type SystemRoutesDeps } from './routes.ts';
export { emptyParts, type StatusParts, type StatusSource } from './status.ts';
