import { io, type Socket } from 'socket.io-client';
import type { CommandResult, Decision, Scope, Session } from '@vigiles/contract';
import type { TestControl } from './test-control.ts';

/** An event as Socket.IO clients get it. */
export interface Sent {
  seq: number;
  type: string;
  timestamp: string;
  session_id: string;
  data: Record<string, unknown>;
  [more: string]: unknown;
}
export interface Subscribed {
  session_id: string;
  head_seq: number;
  reset: boolean;
  tail_from: number | null;
  session: Session | null;
  pending_decisions: Decision[];
}
export interface Ack {
  success: boolean;
  error?: string;
  code?: string;
  seq?: number;
  duplicate?: boolean;
}
export type Heard = [name: string, event: Sent][];

/** The first event of a name from now on. */
export const once = <T>(socket: Socket, name: string): Promise<T> =>
  new Promise((resolve) => socket.once(name, (given: T) => resolve(given)));

export const subscribe = (socket: Socket, message: object): Promise<Subscribed> =>
  socket.emitWithAck('subscribe', message) as Promise<Subscribed>;

export const command = (socket: Socket, message: object): Promise<CommandResult> =>
  socket.emitWithAck('command', message) as Promise<CommandResult>;

/** Something an orchestrator says. */
export const say = (
  socket: Socket,
  session_id: string,
  event_type: string,
  data: object = {},
): Promise<Ack> =>
  socket.emitWithAck('cli_event', { session_id, event_type, timestamp: '2025-11-16T12:34:56.789Z', data });

/** Everything a client hears that carries data. */
export function frames(socket: Socket): Heard {
  const heard: Heard = [];
  socket.onAny((name: string, event: Sent) => {
    if (typeof event === 'object' && 'data' in event) heard.push([name, event]);
  });
  return heard;
}

export const seqsOf = (heard: Heard): number[] =>
  heard.flatMap(([, { seq }]) => (typeof seq === 'number' ? [seq] : []));

/** Socket.IO clients of one control, and sessions for them. */
export function socketClients(test: TestControl) {
  const sockets: Socket[] = [];
  let made = 0;
  const client = (token: string = test.admin, more: object = {}): Socket => {
    const socket = io(test.url, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...more,
    });
    sockets.push(socket);
    return socket;
  };
  return {
    client,
    async connected(token?: string, more?: object): Promise<Socket> {
      const socket = client(token, more);
      await once(socket, 'connected');
      return socket;
    },
    async newSession(tenant = 'main'): Promise<string> {
      const session_id = `session_${(made += 1)}`;
      await test.control.sessions.create(
        { session_id, skills: ['a'] },
        { actor: 'test', deviceId: 'test', tenant },
      );
      return session_id;
    },
    /** The token of a device of a tenant. */
    device: async (tenant: string, ...scopes: Scope[]): Promise<string> =>
      (await test.control.devices.createDevice({ name: tenant, scopes, tenant })).token,
    keep: (socket: Socket): Socket => {
      sockets.push(socket);
      return socket;
    },
    close(): void {
      for (const socket of sockets) socket.disconnect();
    },
  };
}
