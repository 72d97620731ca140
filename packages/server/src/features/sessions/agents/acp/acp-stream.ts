import { methods, type AnyMessage, type Stream } from '@agentclientprotocol/sdk';
import { fieldsOf } from '../read.ts';

/** What stands between an agent's lines and the protocol library. */
export interface AcpStream {
  stream: Stream;
  /** A line of the agent. */
  receive(line: string): void;
  /** Id on the wire of the prompt that was sent last; null: none was sent here. */
  prompt(): string | null;
  close(): void;
}

export interface AcpStreamOptions {
  write(line: string): boolean;
  /** Ids of our requests start with it on the wire: an agent we rejoined may answer those of somebody before us. */
  idPrefix: string;
  /** An answer to somebody before us, to the request of this id on the wire. */
  onOldAnswer(id: unknown, answer: { result: unknown; error: unknown }): void;
  onGarbage(what: string): void;
}

/** The library reads messages, not bytes: lines are bounded and cut before they come here. */
export function createAcpStream({ write, idPrefix, onOldAnswer, onGarbage }: AcpStreamOptions): AcpStream {
  let prompt: string | null = null;
  let messages: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      messages = controller;
    },
    cancel() {
      messages = null;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      const { id, method } = fieldsOf(message);
      const ours = method !== undefined && id !== undefined;
      const wireId = `${idPrefix}${JSON.stringify(id)}`;
      const sent = ours ? { ...message, id: wireId } : message;
      if (ours && method === methods.agent.session.prompt) prompt = wireId;
      if (!write(`${JSON.stringify(sent)}\n`)) throw new Error('The agent does not read any more.');
    },
  });
  return {
    stream: { readable, writable },
    prompt: () => prompt,
    receive(line) {
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        return onGarbage('a line that is not JSON');
      }
      const { id, method, result, error } = fieldsOf(message);
      if (method === undefined && id !== undefined) {
        if (typeof id !== 'string' || !id.startsWith(idPrefix)) return onOldAnswer(id, { result, error });
        message = { ...fieldsOf(message), id: Number(id.slice(idPrefix.length)) };
      }
      messages?.enqueue(message as AnyMessage);
    },
    close() {
      try {
        messages?.close();
      } catch {
        // Closed already by the other side of the pair.
      }
      messages = null;
    },
  };
}
