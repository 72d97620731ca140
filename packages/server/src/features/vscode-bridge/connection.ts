import {
  bridgeErrorCodes,
  bridgeEvents,
  BridgeRequest,
  type BridgeError,
  type VigilesEvent,
} from '@vigiles/contract';
import type { WebSocket } from 'ws';
import { toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Methods } from './methods.ts';

/** Calls of one editor that may be under way. */
const mostUnderWay = 16;
/** What an editor may leave unread before it is let go. Bytes. */
const mostUnread = 4 << 20;

const told = new Set<string>(bridgeEvents);

/** One editor at the bridge: its calls, and the events it hears. */
export interface Connection {
  /** What it calls itself; empty until it has said so. */
  readonly client: string;
  tell(event: VigilesEvent): void;
  end(): void;
}

const numberOf = (code: string): number => {
  if (code === 'command_not_allowed') return bridgeErrorCodes.method;
  return code === 'invalid_params' ? bridgeErrorCodes.params : bridgeErrorCodes.fault;
};

/** A failure in JSON-RPC's words: what went wrong inside stays inside. */
function errorOf(thrown: unknown): BridgeError {
  const { code, message, retryable, details } = toFault(thrown);
  return { code: numberOf(code), message, data: { code, retryable, ...(details ? { details } : {}) } };
}

/** Speaks JSON-RPC 2.0 with one editor; see `bridgeMethods` in the contract. */
export function serveConnection(ws: WebSocket, methods: Methods, log: Log): Connection {
  const gone = new AbortController();
  let underWay = 0;
  let client = '';

  function send(message: object): void {
    if (ws.readyState !== ws.OPEN) return;
    // An editor that sleeps must not fill our memory; it connects again and asks anew.
    if (ws.bufferedAmount > mostUnread) return ws.terminate();
    ws.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }
  const refuse = (id: string | number | null, code: number, message: string, retryable = false) =>
    send({ id, error: { code, message, data: { code: 'invalid_request', retryable } } });

  async function hear(text: string): Promise<void> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return refuse(null, bridgeErrorCodes.parse, 'This is not JSON.');
    }
    const request = BridgeRequest.safeParse(message);
    if (!request.success)
      return refuse(
        null,
        bridgeErrorCodes.request,
        'This is no JSON-RPC 2.0 request with an id and a method.',
      );
    const { id, method, params } = request.data;
    if (underWay >= mostUnderWay)
      return refuse(id, bridgeErrorCodes.fault, `More than ${mostUnderWay} calls are under way.`, true);
    underWay += 1;
    try {
      const result = await methods.run(method, params, gone.signal);
      if (method === 'hello') ({ client } = params as { client: string });
      send({ id, result });
    } catch (thrown) {
      const error = errorOf(thrown);
      if (error.data?.code === 'internal_error')
        log.error({ err: thrown, method }, 'A call of an editor failed');
      send({ id, error });
    } finally {
      underWay -= 1;
    }
    return undefined;
  }

  ws.on('message', (data: Buffer, binary) => {
    if (binary) return ws.close(1003, 'text_only');
    void hear(data.toString('utf8'));
    return undefined;
  });
  ws.on('error', () => ws.terminate());
  ws.once('close', () => gone.abort());
  return {
    get client() {
      return client;
    },
    tell({ seq, type, ts, subject, data }) {
      if (told.has(type)) send({ method: 'event', params: { seq, type, ts, subject, data } });
    },
    end() {
      ws.close(1001, 'shutting_down');
      setTimeout(() => ws.terminate(), 500).unref();
    },
  };
}
