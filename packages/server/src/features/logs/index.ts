export { logRoutes } from './routes.ts';
export { logStreams } from './streams.ts';
