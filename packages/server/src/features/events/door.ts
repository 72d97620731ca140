import type { Identity } from '@vigiles/contract';
import type { Frame, Outlet } from '../../platform/socket/index.ts';

/** One connected client, as another feature meets it. All that is sent to it counts against one budget. */
export interface Guest {
  readonly identity: Identity;
  readonly transport: Outlet['transport'];
  /** The session it named when it connected. */
  readonly sessionId: string | null;
  /** @returns false when the client is gone, or was dropped because it does not read */
  send(frame: Frame): boolean;
  /** A sample that is worth nothing once it is late: left out while the client has much unread. */
  sendLive(frame: Frame): void;
  /** Resolves when the client has read most of what it was sent; false when it is gone or was dropped for not reading. */
  drained(): Promise<boolean>;
  /** Answers under this name, and the client's acknowledgement with the same object. */
  reply(name: string, answer: object, ack?: unknown): void;
}

/** What a feature does for one client until it leaves. */
export interface Visit {
  /** Messages it understands, by their Socket.IO names. */
  readonly heard: Readonly<Record<string, (payload: unknown, ack: unknown) => void>>;
  /** Takes a subscription for itself. @returns false when it is not meant for this feature */
  subscribe(payload: Readonly<Record<string, unknown>>, ack: unknown): boolean;
  /** After the client was greeted. */
  greeted(): void;
  left(): void;
}

/** What another feature says and hears on the connections of the event stream. */
export interface Door {
  /** What clients are told they can do here. */
  readonly capabilities: readonly string[];
  enter(guest: Guest): Visit;
}
