import type { Socket } from 'node:net';
import type { RpcAnswer, RpcMessage } from './messages.ts';

/** The line to control, seen from the plugin's process. */
export interface Link {
  /** Asks control; rejects with what it says. */
  ask(method: string, params: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
  tell(method: string, params: Record<string, unknown>): void;
}

export function openLink(
  socket: Socket,
  serve: (method: string, params: Record<string, unknown>, id: number | null) => Promise<unknown>,
): Link {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let rest = '';
  const write = (message: RpcMessage): void => void socket.write(`${JSON.stringify(message)}\n`);

  function take(message: Partial<RpcMessage> & { id?: number; method?: string }): void {
    if (message.method !== undefined) {
      const { method, id = null } = message;
      const { params = {} } = message as { params?: Record<string, unknown> };
      serve(method, params, id).then(
        (result) => {
          if (id !== null) write({ jsonrpc: '2.0', id, result: result ?? null });
        },
        (thrown: unknown) => {
          const message = thrown instanceof Error ? thrown.message : String(thrown);
          if (id !== null)
            write({ jsonrpc: '2.0', id, error: { code: -32_000, message: message.slice(0, 500) } });
        },
      );
      return;
    }
    const waiting = asked.get(message.id ?? -1);
    asked.delete(message.id ?? -1);
    const answer = message as RpcAnswer;
    if ('error' in answer) waiting?.reject(new Error(answer.error.message));
    else waiting?.resolve(answer.result);
  }

  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      take(JSON.parse(line) as RpcMessage);
    }
  });
  // Control is gone: nobody is left to work for.
  for (const end of ['end', 'close', 'error']) socket.on(end, () => process.exit(0));

  return {
    ask(method, params, signal) {
      lastId += 1;
      const id = lastId;
      const waiting = Promise.withResolvers<unknown>();
      asked.set(id, waiting);
      const leave = (): void => {
        if (asked.delete(id)) waiting.reject(new Error('the time for this call is over'));
      };
      if (signal.aborted) leave();
      else {
        signal.addEventListener('abort', leave, { once: true });
        write({ jsonrpc: '2.0', id, method, params });
      }
      return waiting.promise;
    },
    tell: (method, params) => write({ jsonrpc: '2.0', method, params }),
  };
}
