import type { ServerResponse } from 'node:http';
import type { Outlet } from '../socket/index.ts';

/** How long a dropped stream has to read why. Milliseconds. */
const farewellMs = 2000;

/** A `text/event-stream` client; what it has not read is counted by `writableLength`. */
export function sseOutlet(response: ServerResponse): Outlet {
  return {
    transport: 'sse',
    send({ sse }) {
      if (!response.writableEnded && !response.destroyed) response.write(sse);
    },
    waiting: () => ({ bytes: response.writableLength, packets: 0 }),
    drop(reason) {
      if (!response.writableEnded) response.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
      setTimeout(() => response.destroy(), farewellMs).unref();
    },
  };
}
