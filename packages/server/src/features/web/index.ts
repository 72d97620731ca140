export { webRoutes } from './routes.ts';
export { createWeb } from './service.ts';
