import { createLiveSessions } from '../features/sessions/index.ts';
import type { Extend } from './extension.ts';

/** Sessions on the clients' sockets. */
export const liveSessions: Extend = ({ sessions, events, clock, newId, log }) => {
  const { door, streams, component } = createLiveSessions({ sessions, events, clock, newId, log });
  return { door, streams, components: [component] };
};
