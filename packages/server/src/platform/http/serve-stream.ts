import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '@vigiles/contract';
import { parsePart } from './problems.ts';
import type { StreamRoute } from './stream-route.ts';

const textHeader = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' ? value : null;

/** Validates what was asked for, sends the head and hands the response over to the stream. */
export async function serveStream(
  stream: StreamRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
): Promise<FastifyReply> {
  const params = parsePart(stream.params, 'params', request.params);
  const query = parsePart(stream.query, 'query', request.query);
  await stream.admit?.({ params, query, identity });
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  reply.hijack();
  // A stream ends with its connection: nothing comes after it.
  reply.raw.shouldKeepAlive = false;
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer would hold events back.
    'x-accel-buffering': 'no',
  });
  reply.raw.socket?.setNoDelay(true);
  reply.raw.flushHeaders();
  await stream
    .open({
      params,
      query,
      identity,
      remoteAddress: request.raw.socket.remoteAddress ?? '',
      lastEventId: textHeader(request.headers['last-event-id']),
      response: reply.raw,
      signal: gone.signal,
    })
    .catch(() => undefined);
  reply.raw.end();
  return reply;
}
