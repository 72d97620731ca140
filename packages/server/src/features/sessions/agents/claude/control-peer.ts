import { fieldsOf, textOf, type Fields } from '../read.ts';

export interface ControlPeerOptions {
  write(line: string): boolean;
  /** Claude Code asks something of whoever holds it. */
  onRequest(id: string, request: Fields): void;
  /** It does not need the answer any more. */
  onCancel(id: string): void;
  /** Everything else it says. */
  onMessage(message: Fields): void;
  idPrefix: string;
  timeoutMs: number;
}

/** One end of Claude Code's stream-json conversation. */
export interface ControlPeer {
  /** @throws Error where it is refused, or not answered */
  request(request: { subtype: string } & Record<string, unknown>): Promise<Fields>;
  respond(id: string, response: Record<string, unknown>): boolean;
  refuse(id: string, error: string): boolean;
  /** A message of the person. */
  say(text: string, uuid: string): boolean;
  receive(line: string): void;
  close(why: string): void;
}

interface Pending {
  resolve(answer: Fields): void;
  reject(thrown: Error): void;
  timer: NodeJS.Timeout;
}

const MAX_PENDING = 100;

/**
 * The control protocol of `claude --input-format stream-json --output-format stream-json`, as the types of
 * @anthropic-ai/claude-agent-sdk describe it (`SDKControlRequest`, `SDKControlResponse`).
 */
export function createControlPeer(options: ControlPeerOptions): ControlPeer {
  const { write, idPrefix, timeoutMs } = options;
  const pending = new Map<string, Pending>();
  let count = 0;
  let closed: string | null = null;
  const send = (message: object): boolean => closed === null && write(`${JSON.stringify(message)}\n`);
  const settle = (id: string, how: (one: Pending) => void): void => {
    const one = pending.get(id);
    if (!one) return;
    pending.delete(id);
    clearTimeout(one.timer);
    how(one);
  };
  return {
    request(request) {
      if (closed !== null) return Promise.reject(new Error(closed));
      if (pending.size >= MAX_PENDING) return Promise.reject(new Error('too many requests are under way'));
      const id = `${idPrefix}${++count}`;
      const { promise, resolve, reject } = Promise.withResolvers<Fields>();
      const timer = setTimeout(() => {
        pending.delete(id);
        reject(new Error(`${request.subtype} was not answered within ${timeoutMs / 1000} s`));
      }, timeoutMs).unref();
      pending.set(id, { resolve, reject, timer });
      if (!send({ type: 'control_request', request_id: id, request }))
        settle(id, (one) => one.reject(new Error('it does not read any more')));
      return promise;
    },
    respond: (id, response) =>
      send({ type: 'control_response', response: { subtype: 'success', request_id: id, response } }),
    refuse: (id, error) =>
      send({ type: 'control_response', response: { subtype: 'error', request_id: id, error } }),
    say: (text, uuid) =>
      send({
        type: 'user',
        session_id: '',
        parent_tool_use_id: null,
        uuid,
        message: { role: 'user', content: [{ type: 'text', text }] },
      }),
    receive(line) {
      let message: Fields;
      try {
        message = fieldsOf(JSON.parse(line));
      } catch {
        return;
      }
      const id = textOf(message['request_id']) ?? '';
      switch (message['type']) {
        case 'control_request':
          return options.onRequest(id, fieldsOf(message['request']));
        case 'control_cancel_request':
          return options.onCancel(id);
        case 'control_response': {
          const answer = fieldsOf(message['response']);
          return settle(textOf(answer['request_id']) ?? '', (one) => {
            if (answer['subtype'] === 'success') return one.resolve(fieldsOf(answer['response']));
            one.reject(new Error((textOf(answer['error']) ?? 'refused').slice(0, 2000)));
          });
        }
        default:
          options.onMessage(message);
      }
    },
    close(why) {
      if (closed !== null) return;
      closed = why;
      for (const id of pending.keys()) settle(id, (one) => one.reject(new Error(why)));
    },
  };
}
