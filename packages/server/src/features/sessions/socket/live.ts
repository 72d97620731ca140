import type { Component } from '../../../kernel/lifecycle.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { StreamRoute } from '../../../platform/http/index.ts';
import type { Door, EventsFeature } from '../../events/index.ts';
import type { Sessions } from '../index.ts';
import type { SocketDeps } from './deps.ts';
import { createHall } from './hall.ts';
import { portOf } from './port-of.ts';
import { createSessionDoor } from './session-door.ts';
import { sessionStreams } from './streams.ts';

export interface LiveSessionsDeps extends Pick<SocketDeps, 'clock' | 'newId' | 'log'> {
  sessions: Sessions;
  events: EventLog;
}

export interface LiveSessions {
  /** What is said about sessions on the clients' sockets. */
  door: Door;
  streams(stream: EventsFeature): readonly StreamRoute[];
  component: Component;
}

/** Sessions as people and programs follow and steer them: Socket.IO, plain WebSocket and SSE. */
export function createLiveSessions({ sessions, events, clock, newId, log }: LiveSessionsDeps): LiveSessions {
  const port = portOf(sessions);
  const hall = createHall(port);
  const deps: SocketDeps = { sessions: port, hall, clock, newId, log };
  let end = (): void => {};
  return {
    door: createSessionDoor(deps),
    streams: (stream) => sessionStreams(deps, stream),
    component: {
      name: 'live sessions',
      start() {
        end = events.subscribe((event) => {
          if (event.type === 'session.deleted') hall.deleted(event.subject);
        });
      },
      stop: () => end(),
    },
  };
}
