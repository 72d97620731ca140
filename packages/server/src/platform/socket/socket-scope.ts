import type { Scope } from '@vigiles/contract';

/** The least a socket needs. What it may then hear and say is asked of each message: the event log needs `read`. */
export const socketScope: Scope = 'sessions:read';
