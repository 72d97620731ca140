import { setTimeout as delay } from 'node:timers/promises';
import { EventEnvelope } from '@vigiles/contract';
import type { z } from 'zod';
import type { Api } from './api.ts';

export type LiveEvent = z.output<typeof EventEnvelope>;

/** Whole `data:` blocks of an SSE body, any chunking. */
async function* blocks(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const lines = rest.slice(0, end).split('\n');
      rest = rest.slice(end + 2);
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      if (data.length > 0) yield data.join('\n');
    }
  }
}

function readEvent(text: string): LiveEvent | null {
  try {
    return EventEnvelope.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Events as they happen until `signal` ends it; a lost connection is taken up again where it broke. */
export async function* followEvents(
  api: Api,
  signal: AbortSignal,
  afterSeq?: number,
): AsyncGenerator<LiveEvent> {
  let cursor = afterSeq;
  while (!signal.aborted) {
    try {
      const from = cursor === undefined ? '' : `?after_seq=${cursor}`;
      const response = await api.open(
        `/api/v1/events/stream${from}`,
        { accept: 'text/event-stream' },
        signal,
      );
      if (response.ok && response.body) {
        for await (const text of blocks(response.body)) {
          const event = readEvent(text);
          if (!event) continue;
          cursor = event.seq;
          yield event;
        }
      } else await response.body?.cancel();
    } catch {
      // Gone for now; the next round asks again.
    }
    await delay(1000, undefined, { signal }).catch(() => undefined);
  }
}
