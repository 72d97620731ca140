import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceLogLines } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { StreamCall, StreamRoute } from '../../platform/http/index.ts';
import { linesBack, linesOn } from '../../platform/lines/index.ts';
import { createFrame } from '../../platform/socket/index.ts';
import { sseOutlet } from '../../platform/sse/index.ts';
import { redactText } from '../actions/index.ts';
import type { EventsFeature } from '../events/index.ts';
import type { WatchedService } from './watched-service.ts';

const Params = z.object({ name: z.string().max(64) });
const Query = z.object({ tail: z.coerce.number().int().min(0).max(2000).default(200) });

const pollMs = 300;
const heartbeatMs = 15_000;
/** The page shows no more of one line. */
const longestLine = 4000;
/** Whole lines at the end of a file are looked for within so much of it. */
const tailBytes = 1024 * 1024;

/** Where a file was read to, and which file it was. */
interface Place {
  inode: number;
  at: number;
}

/** The service's log file; raises where there is none, with the faults of the page of the same path. */
export function serviceLogFile(services: ReadonlyMap<string, WatchedService>, name: string): string {
  const service = services.get(name);
  if (!service) return raise(fault('not-found', 'unknown_service', `There is no service “${name}”.`));
  if (!service.supervisor)
    return raise(fault('not-found', 'no_log', 'Vigiles did not start this service and has no log of it.'));
  return service.supervisor.logFile;
}

/** The last lines of a file, and where to read on. */
async function tailOf(path: string, count: number): Promise<{ lines: string[]; place: Place }> {
  const found = await stat(path).catch(() => null);
  const place = { inode: found?.ino ?? 0, at: 0 };
  const lines: string[] = [];
  let left = tailBytes;
  for await (const { start, end, text } of linesBack(path, found?.size ?? 0)) {
    if (place.at === 0) place.at = end;
    if (lines.length >= count || (left -= end - start) < 0) break;
    lines.push(text);
  }
  return { lines: lines.toReversed(), place };
}

/** What was written since: at most one block. `reset`: the file is another one, or was emptied. */
async function readOn(path: string, from: Place): Promise<{ lines: string[]; place: Place; reset: boolean }> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return { lines: [], place: from, reset: false };
  try {
    const { ino, size } = await handle.stat();
    const reset = ino !== from.inode || size < from.at;
    const at = reset ? 0 : from.at;
    const { lines, next } = size > at ? await linesOn(handle, at) : { lines: [], next: at };
    return { lines: lines.map(({ text }) => text), place: { inode: ino, at: next }, reset };
  } finally {
    await handle.close();
  }
}

const framed = ({ lines, reset }: ServiceLogLines) =>
  createFrame({
    socketIo: () => ['service:log', { lines, reset }],
    ws: () => ({ lines, reset }),
    sse: () => ({ data: { lines, reset } }),
  });

async function stream(path: string, events: EventsFeature, call: StreamCall): Promise<void> {
  const { response, signal, identity } = call;
  const { tail } = call.query as z.output<typeof Query>;
  const { guest, leave } = events.host(sseOutlet(response), identity, () => undefined);
  const shown = (text: string) => redactText(text).slice(0, longestLine);
  const alive = setInterval(() => {
    if (!response.writableEnded) response.write(': alive\n\n');
  }, heartbeatMs).unref();
  try {
    const begun = await tailOf(path, tail);
    let { place } = begun;
    // The first message comes also when there is nothing yet: the page knows that it is connected.
    if (!guest.send(framed({ lines: begun.lines.map(shown), reset: true }))) return;
    while (!signal.aborted) {
      const read = await readOn(path, place);
      place = read.place;
      if (read.lines.length > 0 || read.reset) {
        if (!guest.send(framed({ lines: read.lines.map(shown), reset: read.reset }))) return;
        // What a slow client has not taken stays in the file.
        if (!(await guest.drained())) return;
      }
      if (read.lines.length === 0)
        await delay(pollMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  } finally {
    clearInterval(alive);
    leave();
  }
}

/** A supervised service's output as it is written, as Server-Sent Events. */
export const serviceLogStreams = (
  services: ReadonlyMap<string, WatchedService>,
  events: EventsFeature,
): StreamRoute[] => [
  {
    path: '/api/v1/services/:name/logs/stream',
    operationId: 'streamServiceLogs',
    summary: 'The end of a supervised service’s output, then what it writes (Server-Sent Events)',
    tag: 'services',
    scope: 'read',
    tier: 'standard',
    params: Params,
    query: Query,
    event: ServiceLogLines,
    async admit({ params }) {
      serviceLogFile(services, (params as z.output<typeof Params>).name);
    },
    open: (call) =>
      stream(serviceLogFile(services, (call.params as z.output<typeof Params>).name), events, call),
  },
];
