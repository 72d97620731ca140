/** What the other side refused, with its code. */
export class RpcFailure extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'RpcFailure';
    this.code = code;
  }
}

/** Codes of ours where the other side said nothing; JSON-RPC leaves them to implementations. */
export const rpcCodes = { methodNotFound: -32_601, overloaded: -32_001, timeout: -1, closed: -2 } as const;

export type RpcId = string | number;

export interface RpcPeerOptions {
  /** Sends one line. @returns false when the other side does not read any more */
  write(line: string): boolean;
  onRequest(id: RpcId, method: string, params: unknown): void;
  onNotification(method: string, params: unknown): void;
  /** A line that is no message; `what` says why, and never holds the line itself. */
  onGarbage(what: string): void;
  /** Ids of requests start with it: answers to somebody before us are not taken for ours. */
  idPrefix: string;
  timeoutMs: number;
  /** Waits before a request that was refused for overload is sent again. */
  delay(ms: number): Promise<void>;
}

/** One end of a JSON-RPC conversation by lines. */
export interface RpcPeer {
  /** @throws RpcFailure */
  request(method: string, params: unknown, timeoutMs?: number): Promise<unknown>;
  notify(method: string, params?: unknown): void;
  respond(id: RpcId, result: unknown): boolean;
  refuse(id: RpcId, code: number, message: string): boolean;
  receive(line: string): void;
  /** Fails what is under way. */
  close(why: string): void;
}

/** More calls under way than any agent session has. */
const MAX_PENDING = 256;

/** How often an overloaded other side is asked again. It has not begun, so asking again is safe. */
const MAX_TRIES = 6;
const FIRST_WAIT_MS = 100;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is RpcId => typeof value === 'string' || typeof value === 'number';

interface Pending {
  resolve(value: unknown): void;
  reject(thrown: RpcFailure): void;
  timer: NodeJS.Timeout;
}

/** @see https://www.jsonrpc.org/specification ; Codex leaves the `jsonrpc` member out, so it is not asked for */
export function createRpcPeer(options: RpcPeerOptions): RpcPeer {
  const { write, timeoutMs, idPrefix } = options;
  const pending = new Map<RpcId, Pending>();
  let count = 0;
  let closed: string | null = null;
  const send = (message: object): boolean => closed === null && write(`${JSON.stringify(message)}\n`);

  function once(method: string, params: unknown, limitMs: number): Promise<unknown> {
    if (closed !== null) return Promise.reject(new RpcFailure(rpcCodes.closed, closed));
    if (pending.size >= MAX_PENDING)
      return Promise.reject(new RpcFailure(rpcCodes.overloaded, `${method}: too many calls under way`));
    const id = `${idPrefix}${++count}`;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      pending.delete(id);
      reject(new RpcFailure(rpcCodes.timeout, `${method} was not answered within ${limitMs / 1000} s`));
    }, limitMs).unref();
    pending.set(id, { resolve, reject, timer });
    if (!send({ id, method, params }))
      settle(id, (one) => one.reject(new RpcFailure(rpcCodes.closed, `${method} could not be sent`)));
    return promise;
  }
  function settle(id: RpcId, how: (one: Pending) => void): void {
    const one = pending.get(id);
    if (!one) return;
    pending.delete(id);
    clearTimeout(one.timer);
    how(one);
  }
  return {
    async request(method, params, limitMs = timeoutMs) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await once(method, params, limitMs);
        } catch (thrown) {
          const busy = thrown instanceof RpcFailure && thrown.code === rpcCodes.overloaded;
          if (!busy || tries >= MAX_TRIES || closed !== null) throw thrown;
          await options.delay(FIRST_WAIT_MS * 2 ** (tries - 1));
        }
      }
    },
    notify(method, params) {
      send(params === undefined ? { method } : { method, params });
    },
    respond: (id, result) => send({ id, result }),
    refuse: (id, code, message) => send({ id, error: { code, message } }),
    receive(line) {
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        return options.onGarbage('a line that is not JSON');
      }
      if (!isObject(message)) return options.onGarbage('a line that is no JSON object');
      const { id, method, params, result, error } = message;
      if (typeof method === 'string') {
        if (isId(id)) options.onRequest(id, method, params);
        else options.onNotification(method, params);
      } else if (isId(id)) {
        settle(id, (one) => {
          if (!isObject(error)) return one.resolve(result);
          const { code, message: text } = error;
          one.reject(
            new RpcFailure(
              typeof code === 'number' ? code : 0,
              typeof text === 'string' ? text.slice(0, 2000) : 'refused',
            ),
          );
        });
      } else options.onGarbage('a message without method and id');
    },
    close(why) {
      if (closed !== null) return;
      closed = why;
      for (const id of pending.keys()) settle(id, (one) => one.reject(new RpcFailure(rpcCodes.closed, why)));
    },
  };
}
