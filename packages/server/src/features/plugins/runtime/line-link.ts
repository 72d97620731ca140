import type { Duplex } from 'node:stream';
import { ChildMessage } from './messages.ts';

export interface LineLink {
  /** False: too much is unread already; nothing was sent. */
  send(message: object): boolean;
  /** Whether the other end is there: a process that is ending closes it before its end is known. */
  isOpen(): boolean;
  close(): void;
}

const maxUnsentBytes = 8 << 20;

/**
 * Our end of the line to a plugin's process. A line that is too long, or that is none of the known messages, is the end of it.
 * @param broken why nothing more is read from it
 */
export function openLineLink(
  socket: Duplex,
  maxLineBytes: number,
  on: { message(message: ChildMessage): void; broken(why: string): void },
): LineLink {
  let pieces: Buffer[] = [];
  let held = 0;
  let over = false;
  const isOver = () => over;

  const stop = (why: string): void => {
    if (over) return;
    over = true;
    pieces = [];
    on.broken(why);
  };

  function line(bytes: Buffer): void {
    let said: unknown;
    try {
      said = JSON.parse(bytes.toString('utf8'));
    } catch {
      return stop('it said something on its line that is no JSON');
    }
    const message = ChildMessage.safeParse(said);
    return message.success
      ? on.message(message.data)
      : stop('it said something on its line that is no answer');
  }

  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      if (isOver()) return undefined;
      const whole = Buffer.concat([...pieces, chunk.subarray(from, end)]);
      pieces = [];
      held = 0;
      from = end + 1;
      if (whole.length > maxLineBytes) return stop(`it said more than ${maxLineBytes} bytes at once`);
      line(whole);
    }
    if (over) return undefined;
    pieces.push(chunk.subarray(from));
    held += chunk.length - from;
    return held > maxLineBytes ? stop(`it said more than ${maxLineBytes} bytes at once`) : undefined;
  });

  return {
    send(message) {
      if (over || !socket.writable || socket.writableLength > maxUnsentBytes) return false;
      socket.write(`${JSON.stringify(message)}\n`);
      return true;
    },
    isOpen: () => socket.writable,
    close() {
      over = true;
      socket.destroy();
    },
  };
}
