import type { Frame } from './outlet.ts';

export interface FrameParts {
  /** Socket.IO event name and its one argument. */
  socketIo: () => [name: string, argument: unknown];
  ws: () => unknown;
  sse: () => { id?: number; event?: string; data: unknown };
}

/** `id`, `event` and `data` lines; JSON holds no line breaks, so one `data` line is enough. */
function sseText({ id, event, data }: { id?: number; event?: string; data: unknown }): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * A frame that is serialised when a format is first needed, and only once. `2` is a Socket.IO EVENT packet of
 * the default namespace (Socket.IO protocol v5).
 */
export function createFrame(parts: FrameParts): Frame {
  let socketIo: string | undefined;
  let ws: Buffer | undefined;
  let sse: string | undefined;
  return {
    get socketIo() {
      return (socketIo ??= `2${JSON.stringify(parts.socketIo())}`);
    },
    get ws() {
      return (ws ??= Buffer.from(JSON.stringify(parts.ws())));
    },
    get sse() {
      return (sse ??= sseText(parts.sse()));
    },
  };
}
