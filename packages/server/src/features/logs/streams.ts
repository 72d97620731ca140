import { z } from 'zod';
import { LogEntry } from '@vigiles/contract';
import type { StreamCall, StreamRoute } from '../../platform/http/index.ts';
import { createFrame } from '../../platform/socket/index.ts';
import { sseOutlet } from '../../platform/sse/index.ts';
import type { EventsFeature } from '../events/index.ts';
import { wanted } from './core/log-filter.ts';
import { readPosition, writePosition, type Position } from './core/position.ts';
import { followLogs } from './follow-logs.ts';
import { endsOf } from './log-files.ts';
import { readPage } from './read-page.ts';
import { filterOf, LogWish } from './wish.ts';

const Query = LogWish.extend({
  tail: z.coerce.number().int().min(0).max(1000).default(0).meta({
    description: 'So many of the newest lines come first; not where the stream is taken up again',
  }),
});

/** A sign of life, which also carries how far it was read. Milliseconds. */
const heartbeatMs = 15_000;
const pollMs = 300;
/** For the lines that come first; older ones are a matter of pages. */
const tailBytes = 4 * 1024 * 1024;

const framed = (entry: LogEntry, position: Position) =>
  createFrame({
    socketIo: () => ['log', entry],
    ws: () => entry,
    sse: () => ({ id: writePosition(position), data: entry }),
  });

async function stream(folder: string, events: EventsFeature, call: StreamCall): Promise<void> {
  const { response, signal, identity, lastEventId } = call;
  const query = call.query as z.output<typeof Query>;
  const filter = filterOf(query, null, identity);
  const resumed = lastEventId ? readPosition(lastEventId) : null;
  const { guest, leave } = events.host(sseOutlet(response), identity, () => undefined);
  let position = resumed ?? (await endsOf(folder));
  const alive = setInterval(() => {
    if (!response.writableEnded) response.write(`: alive\nid: ${writePosition(position)}\n\n`);
  }, heartbeatMs).unref();
  try {
    // What is written from here on comes; also to who takes it up again before the first line.
    response.write(`retry: 1000\nevent: subscribed\nid: ${writePosition(position)}\ndata: {}\n\n`);
    if (resumed === null && query.tail > 0) {
      const wish = { filter, limit: query.tail, from: position, maxBytes: tailBytes, signal };
      const { entries } = await readPage(folder, wish);
      for (const entry of entries.toReversed()) guest.send(framed(entry, position));
    }
    for await (const batch of followLogs(folder, position, { pollMs, signal })) {
      for (const { entry, position: reached } of batch) {
        position = reached;
        // What is not read yet stays in the files: the next batch waits for a slow client.
        if (wanted(entry, filter) && !guest.send(framed(entry, reached))) return;
      }
      if (!(await guest.drained())) return;
    }
  } finally {
    clearInterval(alive);
    leave();
  }
}

/** The logs as they are written, as Server-Sent Events. */
export const logStreams = (folder: string, events: EventsFeature): StreamRoute[] => [
  {
    path: '/api/v1/logs/stream',
    operationId: 'streamLogs',
    summary: 'Lines of the logs as they are written (Server-Sent Events); resumes from Last-Event-ID',
    tag: 'system',
    scope: 'read',
    tier: 'standard',
    query: Query,
    event: LogEntry,
    open: (call) => stream(folder, events, call),
  },
];
