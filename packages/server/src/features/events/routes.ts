import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { EventEnvelope } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { StreamCall, StreamRoute } from '../../platform/http/index.ts';
import { sseOutlet } from '../../platform/sse/index.ts';
import { mayHear } from './core/audience.ts';
import { readTypes } from './core/filter.ts';
import type { EventsKit } from './kit.ts';
import { subscribe } from './subscription.ts';
import { wishOf } from './wish.ts';

/** Comma-separated types; one that does not exist is an error that names it. */
const Types = z
  .string()
  .max(2000)
  .transform((text, context) => {
    const { types, unknown } = readTypes(text.split(',').filter((name) => name !== ''));
    for (const name of unknown)
      context.addIssue({ code: 'custom', message: `there is no event type "${name}"` });
    return types;
  })
  .meta({ description: 'Event types, separated by commas' });

const Query = z.object({
  after_seq: z.coerce.number().int().min(0).optional().meta({ description: 'Only events with a higher seq' }),
  types: Types.optional(),
  subject: z.string().max(128).optional().meta({ description: 'Only events about this id' }),
});
type Query = z.output<typeof Query>;

const PageQuery = Query.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) });
const StreamQuery = Query.extend({ topics: z.string().max(200).optional(), limit: z.string().optional() });

/** A comment now and then, so that proxies and clients see that the stream is alive. Milliseconds. */
const heartbeatMs = 15_000;

const cursorOf = (given: string | null): number | null => {
  if (given === null || given === '') return null;
  return /^\d{1,15}$/.test(given)
    ? Number(given)
    : raise(fault('invalid', 'invalid_request', 'Last-Event-ID: not a seq'));
};

async function stream(kit: EventsKit, call: StreamCall): Promise<void> {
  const { hub, events } = kit;
  const { response, signal } = call;
  const { after_seq, types, subject, topics } = call.query as Query & { topics?: string };
  const client = hub.join(sseOutlet(response), call.identity);
  const wish = wishOf({
    // What the browser remembers across a reconnect is newer than what the page once asked for.
    last_seq: cursorOf(call.lastEventId) ?? after_seq ?? null,
    types: types ?? null,
    subject: subject ?? null,
    topics: topics?.split(',') ?? null,
  });
  try {
    await subscribe({ events, hub }, client, wish, ({ headSeq, reset, oldestSeq }) => {
      const data = JSON.stringify({ head_seq: headSeq, oldest_seq: oldestSeq, reset });
      response.write(`retry: 1000\nevent: subscribed\ndata: ${data}\n\n`);
      if (reset) response.write(`event: reset\ndata: ${data}\n\n`);
    });
    while (!signal.aborted && !response.writableEnded) {
      await delay(heartbeatMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted && !response.writableEnded) response.write(': alive\n\n');
    }
  } finally {
    hub.leave(client);
  }
}

/** The event log over HTTP: pages of JSON. */
export function eventRoutes({ events }: EventsKit): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/events',
      operationId: 'listEvents',
      summary: 'Events after a sequence number; as a stream with Accept: text/event-stream',
      tag: 'events',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      query: PageQuery,
      success: z.object({
        events: z.array(EventEnvelope),
        /** Send it as `after_seq` to read on. */
        next_seq: z.number(),
        head_seq: z.number(),
        /** The lowest seq that is still kept; what was below it is deleted. */
        oldest_seq: z.number(),
        more: z.boolean(),
      }),
      faults: [],
      handle: async ({ identity, query: { after_seq = 0, limit, types, subject } }) => {
        const [head_seq, oldest_seq] = await Promise.all([events.head(), events.oldest()]);
        const page = await events.read({
          afterSeq: after_seq,
          limit,
          ...(types ? { types } : {}),
          ...(subject === undefined ? {} : { subject }),
        });
        const more = page.length === limit;
        const last = page.at(-1)?.seq ?? after_seq;
        // With nothing left that matches, the next page starts behind everything that was looked at.
        const next_seq = more ? last : Math.max(last, head_seq, after_seq);
        return {
          events: page.filter((event) => mayHear(identity, event)),
          next_seq,
          head_seq,
          oldest_seq,
          more,
        };
      },
    }),
  ];
}

/** The same as a stream, on the same path and on one of its own for clients that cannot set `Accept`. */
export function eventStreams(kit: EventsKit): StreamRoute[] {
  const at = (path: string, operationId: string): StreamRoute => ({
    path,
    operationId,
    summary: 'Events as they happen (Server-Sent Events); resumes from Last-Event-ID or after_seq',
    tag: 'events',
    scope: 'read',
    tier: 'standard',
    query: StreamQuery,
    event: EventEnvelope,
    open: (call) => stream(kit, call),
  });
  return [at('/api/v1/events', 'streamEventsHere'), at('/api/v1/events/stream', 'streamEvents')];
}
