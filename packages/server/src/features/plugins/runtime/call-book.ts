import type { ChildMessage } from './messages.ts';
import type { CallOptions } from './plugin-process.ts';

/** Why a call has no answer. `said`: the plugin threw it. */
export class CallFailure extends Error {
  readonly kind: 'late' | 'gone' | 'busy' | 'cancelled' | 'said';
  constructor(kind: CallFailure['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Open {
  resolve(result: unknown): void;
  reject(failure: CallFailure): void;
  signal: AbortSignal;
  note: ((text: string) => void) | undefined;
}

export interface CallBook {
  call(
    method: string,
    params: Record<string, unknown>,
    options: CallOptions,
    urgent?: boolean,
  ): Promise<unknown>;
  answered(message: Exclude<ChildMessage, { method: string }>): void;
  noted(call: number, text: string): void;
  /** Aborted when the call is over; null: there is no such call. */
  signalOf(call: number): AbortSignal | null;
  failAll(why: string): void;
}

/** The calls that a plugin has not answered. Each ends with its time, whatever the plugin does. */
export function createCallBook(deps: {
  atOnce: number;
  send(message: object): boolean;
  /** The time of a call is over. */
  late(): void;
}): CallBook {
  const open = new Map<number, Open>();
  let lastId = 0;
  let gone: string | null = null;

  async function call(
    method: string,
    params: Record<string, unknown>,
    { signal: outer, timeoutMs, note }: CallOptions,
    urgent = false,
  ): Promise<unknown> {
    if (gone !== null) throw new CallFailure('gone', gone);
    if (outer.aborted) throw new CallFailure('cancelled', 'nobody waits for it any more');
    if (!urgent && open.size >= deps.atOnce)
      throw new CallFailure('busy', `it is busy with ${open.size} calls already`);
    lastId += 1;
    const id = lastId;
    const over = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    open.set(id, { resolve, reject, signal: over.signal, note });
    const give = (failure: CallFailure): void => {
      deps.send({ jsonrpc: '2.0', method: 'cancel', params: { id } });
      reject(failure);
    };
    const timer = setTimeout(() => {
      give(new CallFailure('late', `it did not answer within ${timeoutMs / 1000} s`));
      if (!urgent) deps.late();
    }, timeoutMs);
    const cancelled = (): void => give(new CallFailure('cancelled', 'nobody waits for it any more'));
    outer.addEventListener('abort', cancelled, { once: true });
    try {
      if (!deps.send({ jsonrpc: '2.0', id, method, params }))
        throw new CallFailure('busy', 'it does not read what it is asked');
      return await promise;
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', cancelled);
      open.delete(id);
      over.abort();
    }
  }

  return {
    call,
    answered(message) {
      const waiting = open.get(message.id);
      if ('error' in message) waiting?.reject(new CallFailure('said', message.error.message));
      else waiting?.resolve(message.result);
    },
    noted: (id, text) => open.get(id)?.note?.(text),
    signalOf: (id) => open.get(id)?.signal ?? null,
    failAll(why) {
      gone ??= why;
      for (const each of open.values()) each.reject(new CallFailure('gone', gone));
    },
  };
}
