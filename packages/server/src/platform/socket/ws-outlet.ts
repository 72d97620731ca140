import type { WebSocket } from 'ws';
import { farewellMs, type Outlet } from './outlet.ts';

/** Close codes of `/ws`, from the private range of RFC 6455 §7.4.2. */
export const closeCodes: Record<string, number> = {
  unauthorized: 4401,
  revoked: 4401,
  forbidden: 4403,
  slow_consumer: 4408,
  shutting_down: 1001,
};

/** A plain WebSocket client: what it has not read is counted by `bufferedAmount`. */
export function wsOutlet(ws: WebSocket): Outlet {
  return {
    transport: 'ws',
    send({ ws: messages }) {
      for (const bytes of messages)
        if (ws.readyState === ws.OPEN) ws.send(bytes, { binary: false, compress: false });
    },
    waiting: () => ({ bytes: ws.bufferedAmount, packets: 0 }),
    drop(reason) {
      ws.close(closeCodes[reason] ?? 1011, reason);
      setTimeout(() => ws.terminate(), farewellMs).unref();
    },
  };
}
