/** One message, written once per wire format however many clients get it. */
export interface Frame {
  /** A Socket.IO packet for the default namespace, as Engine.IO sends it. */
  readonly socketIo: string;
  /** The same as the one WebSocket frame it becomes, so that it is written once for all. */
  readonly socketIoFrame: Buffer;
  readonly ws: Buffer;
  readonly sse: string;
}

/** What a client may leave unread before it is dropped. */
export interface OutletBudget {
  bytes: number;
  packets: number;
}

export const outletBudget: OutletBudget = { bytes: 2 * 1024 * 1024, packets: 5000 };

/** How long a dropped client has to read why, before its connection is cut. Milliseconds. */
export const farewellMs = 2000;

/** The way to one client, whatever it speaks. */
export interface Outlet {
  readonly transport: 'socket.io' | 'ws' | 'sse';
  send(frame: Frame): void;
  /** Bytes and packets the client has not taken yet. */
  waiting(): OutletBudget;
  /** Says why and ends the connection; what waits is thrown away. */
  drop(reason: string): void;
}

/** Whether a client has left more unread than it may. */
export const overBudget = (outlet: Outlet, budget: OutletBudget): boolean => {
  const waiting = outlet.waiting();
  return waiting.bytes > budget.bytes || waiting.packets > budget.packets;
};
