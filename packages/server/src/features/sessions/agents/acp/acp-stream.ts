import { methods, type AnyMessage, type Stream } from '@agentclientprotocol/sdk';
import { fieldsOf } from '../read.ts';

/** What stands between an agent's lines and the protocol library. */
export interface AcpStream {
  stream: Stream;
  /** A line of the agent. */
  receive(line: string): void;
  /** The request for a permission for this tool call, as it came; null: none waits to be taken in. */
  asked(toolCallId: string): object | null;
  /** Takes in such a request that the control before us had received. */
  again(message: object): void;
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

const MAX_ASKED = 100;

/** The library reads messages, not bytes: lines are bounded and cut before they come here. */
export function createAcpStream({ write, idPrefix, onOldAnswer, onGarbage }: AcpStreamOptions): AcpStream {
  let prompt: string | null = null;
  /** Requests for permissions on their way through the library, which hides their ids. */
  const asked: object[] = [];
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
  const takeIn = (message: object): void => {
    if (fieldsOf(message)['method'] === methods.client.session.requestPermission) {
      asked.push(message);
      // What the library refused is never asked for.
      if (asked.length > MAX_ASKED) asked.shift();
    }
    messages?.enqueue(message as AnyMessage);
  };
  return {
    stream: { readable, writable },
    again: takeIn,
    asked(toolCallId) {
      const idOf = (message: object) =>
        fieldsOf(fieldsOf(fieldsOf(message)['params'])['toolCall'])['toolCallId'];
      const at = asked.findIndex((message) => idOf(message) === toolCallId);
      return at < 0 ? null : (asked.splice(at, 1)[0] ?? null);
    },
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
      takeIn(fieldsOf(message));
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
