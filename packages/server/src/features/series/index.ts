/** The history of figures: what was measured, for charts, uptime and predictions. */
export { createSeries, type Series } from './series.ts';
