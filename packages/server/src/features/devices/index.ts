export { type DeviceUse, deviceRoutes, type DeviceRoutesDeps, pairingRoutes } from './routes.ts';
export { createDevices, type Devices } from './devices.ts';
export type { DevicesDeps } from './deps.ts';
export { createGuards } from './guards.ts';
export { createGuessing } from './guessing.ts';
export { createRateLimiter, type RateLimiter, tiers } from './rate-limiter.ts';
export type { NewDevice } from './registry.ts';
export { signInRoutes } from './sign-in-routes.ts';
