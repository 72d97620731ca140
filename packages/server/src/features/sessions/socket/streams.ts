import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SessionEvent } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import type { StreamCall, StreamRoute } from '../../../platform/http/index.ts';
import { sseOutlet } from '../../../platform/sse/index.ts';
import type { EventsFeature } from '../../events/index.ts';
import type { SocketDeps } from './deps.ts';
import { followSession, type Following } from './following.ts';

const Params = z.object({ session_id: z.string().min(1).max(128) });
const Query = z.object({
  after_seq: z.coerce.number().int().min(0).optional().meta({ description: 'Only events with a higher seq' }),
  types: z.string().max(2000).optional().meta({ description: 'Types or topic:*, separated by commas' }),
  volatile: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'Also what is sent live and never stored' }),
  limit: z.string().optional(),
});

/** A comment now and then, so that proxies and clients see that the stream is alive. Milliseconds. */
const heartbeatMs = 15_000;

const cursorOf = (given: string | null): number | null => {
  if (given === null || given === '') return null;
  return /^\d{1,15}$/.test(given)
    ? Number(given)
    : raise(fault('invalid', 'invalid_request', 'Last-Event-ID: not a seq'));
};

async function stream(deps: SocketDeps, events: EventsFeature, call: StreamCall): Promise<void> {
  const { response, signal, identity } = call;
  const { session_id: sessionId } = call.params as z.output<typeof Params>;
  const { after_seq, types, volatile } = call.query as z.output<typeof Query>;
  const say = (name: string, data: object): void => {
    if (!response.writableEnded) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const { guest, leave } = events.host(sseOutlet(response), identity, say);
  let following: Following | null = null;
  try {
    const wish = {
      sessionId,
      // What the browser remembers across a reconnect is newer than what the page once asked for.
      lastSeq: cursorOf(call.lastEventId) ?? after_seq ?? null,
      types: types?.split(',').filter((name) => name !== ''),
      full: true,
      volatile: volatile === 'true',
      together: false,
    };
    response.write('retry: 1000\n');
    await followSession(
      { ...deps, guest, now: () => deps.clock.now() },
      wish,
      ({ session, pending, headSeq, oldestSeq, reset }) => {
        const seqs = { head_seq: headSeq, oldest_seq: oldestSeq, reset };
        say('subscribed', { ...seqs, session, pending_decisions: pending });
      },
      (entered) => {
        following = entered;
      },
    );
    while (!signal.aborted && !response.writableEnded) {
      await delay(heartbeatMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted && !response.writableEnded) response.write(': alive\n\n');
    }
  } finally {
    (following as Following | null)?.leave();
    leave();
  }
}

/** A session's log as Server-Sent Events, on the path of its pages. */
export const sessionStreams = (deps: SocketDeps, events: EventsFeature): StreamRoute[] => [
  {
    path: '/api/v1/sessions/:session_id/events',
    operationId: 'streamSessionEvents',
    summary:
      "A session's events as they happen (Server-Sent Events); resumes from Last-Event-ID or after_seq",
    tag: 'sessions',
    scope: 'sessions:read',
    tier: 'standard',
    params: Params,
    query: Query,
    event: SessionEvent,
    admit: async ({ params, identity }) => {
      await deps.sessions.get(identity, (params as z.output<typeof Params>).session_id);
    },
    open: (call) => stream(deps, events, call),
  },
];
