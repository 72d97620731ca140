/** The history of figures: what was measured, for charts, uptime and predictions. */
export { createSeries, type Series } from './series.ts';
export { markerRoutes } from './marker-routes.ts';
export { seriesRoutes } from './routes.ts';
export { createFigures } from './figures/figures.ts';
