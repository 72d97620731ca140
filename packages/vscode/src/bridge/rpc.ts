import {
  bridgeMethods,
  BridgeMessage,
  type BridgeDiscovery,
  type BridgeMethod,
  type BridgeParams,
  type BridgeResult,
} from '@vigiles/contract';

/** A call that the bridge refused or that failed there. `code` is the fault's. */
export class BridgeFailure extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'BridgeFailure';
    this.code = code;
    this.details = details;
  }
}

export interface BridgeEvent {
  seq: number;
  type: string;
  ts: number;
  subject: string;
  data: Record<string, unknown>;
}

/** One connection to the bridge. */
export interface Rpc {
  call<M extends BridgeMethod>(method: M, params: BridgeParams<M>): Promise<BridgeResult<M>>;
  close(): void;
}

interface Heard {
  event(event: BridgeEvent): void;
  closed(): void;
}

const callMs = 30_000;
const gone = () => new BridgeFailure('disconnected', 'The connection to Vigiles was lost.');

interface Waiting {
  resolve(result: unknown): void;
  reject(thrown: unknown): void;
}

/** Connects. Rejects when the bridge is not there or refuses. */
export async function connectRpc({ url, token }: BridgeDiscovery, heard: Heard): Promise<Rpc> {
  // Node's own WebSocket takes headers; a browser's would not, and is not let in.
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let open = false;

  socket.addEventListener('message', ({ data }) => {
    let message: BridgeMessage;
    try {
      message = BridgeMessage.parse(JSON.parse(String(data)));
    } catch {
      return socket.close(1000, 'not understood');
    }
    if ('method' in message) return heard.event(message.params);
    const call = waiting.get(Number(message.id));
    waiting.delete(Number(message.id));
    if ('error' in message) {
      const { message: text, data: more } = message.error;
      return call?.reject(new BridgeFailure(more?.code ?? 'bridge_error', text, more?.details));
    }
    return call?.resolve(message.result);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      open = true;
      resolve();
    });
    socket.addEventListener('close', () => {
      reject(gone());
      for (const call of waiting.values()) call.reject(gone());
      waiting.clear();
      if (open) heard.closed();
      open = false;
    });
    socket.addEventListener('error', () => reject(gone()));
  });

  return {
    async call<M extends BridgeMethod>(method: M, params: BridgeParams<M>): Promise<BridgeResult<M>> {
      if (!open) throw gone();
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { resolve, reject });
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new BridgeFailure('timeout', `Vigiles did not answer within ${callMs / 1000} s.`));
      }, callMs);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      try {
        const result = bridgeMethods[method].result.safeParse(await promise);
        if (result.success) return result.data as BridgeResult<M>;
        throw new BridgeFailure('not_understood', `${method} was answered in words of another version.`);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => socket.close(1000, 'done'),
  };
}
