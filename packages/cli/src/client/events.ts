import { EventEnvelope } from '@vigiles/contract';
import type { z } from 'zod';
import type { Api } from './api.ts';
import { followStream } from './stream.ts';

export type LiveEvent = z.output<typeof EventEnvelope>;

/** Events as they happen until `signal` ends it; a lost connection is taken up again where it broke. */
export async function* followEvents(
  api: Api,
  signal: AbortSignal,
  afterSeq?: number,
): AsyncGenerator<LiveEvent> {
  const options = { signal, ...(afterSeq === undefined ? {} : { lastEventId: String(afterSeq) }) };
  for await (const data of followStream(api, () => '/api/v1/events/stream', options)) {
    const event = EventEnvelope.safeParse(data);
    if (event.success) yield event.data;
  }
}
