import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type Api } from './api.ts';

/** One message of a Server-Sent Events body. */
interface Message {
  id: string | null;
  event: string;
  data: string;
}

/** Longest message that is kept: a server that never ends one must not fill the memory. */
const longestMessage = 4 * 1024 * 1024;
const retryMs = 1000;

function readMessage(block: string): Message {
  const message: Message = { id: null, event: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'id') message.id = value;
    else if (name === 'event') message.event = value;
  }
  message.data = data.join('\n');
  return message;
}

/** Whole messages of a body, in any chunking. */
async function* messages(body: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      yield readMessage(rest.slice(0, end));
      rest = rest.slice(end + 2);
    }
    if (rest.length > longestMessage) return;
  }
}

export interface StreamOptions {
  signal: AbortSignal;
  /** Where an earlier stream ended. */
  lastEventId?: string;
  /** Raise what the server refuses with instead of asking again. */
  strict?: boolean;
}

/** The JSON of each message until `signal` ends it; a lost connection is taken up again where it broke. */
export async function* followStream(
  api: Api,
  path: (resumed: boolean) => string,
  { signal, lastEventId, strict = false }: StreamOptions,
): AsyncGenerator {
  let last = lastEventId ?? null;
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(last === null ? {} : { 'last-event-id': last }) };
      const response = await api.open(path(last !== null), headers, signal);
      if (response.ok && response.body) {
        for await (const { id, event, data } of messages(response.body)) {
          if (id !== null) last = id;
          if (event === 'message' && data !== '') yield JSON.parse(data) as unknown;
        }
      } else if (strict && response.status < 500 && response.status !== 429) {
        throw new ApiError(response.status, await response.json().catch(() => null));
      } else await response.body?.cancel();
    } catch (thrown) {
      if (thrown instanceof ApiError) throw thrown;
      // Gone for now; the next round asks again.
    }
    await delay(retryMs, undefined, { signal }).catch(() => undefined);
  }
}
