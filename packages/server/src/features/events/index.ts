export { createPace } from './core/pace.ts';
export type { Door, Guest, Visit } from './door.ts';
export { createEventsFeature, type EventsFeature, type EventsFeatureDeps } from './events.ts';
export type { HubStats } from './hub.ts';
