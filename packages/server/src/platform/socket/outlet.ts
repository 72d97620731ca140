/** One message or several, written once per wire format however many clients get them. */
export interface Frame {
  /** Socket.IO packets for the default namespace, as Engine.IO sends them. */
  readonly socketIo: readonly string[];
  /** The WebSocket frames that those become, in one piece: one write to a client takes them all. */
  readonly socketIoFrames: Buffer;
  readonly ws: readonly Buffer[];
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
