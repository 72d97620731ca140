import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '@vigiles/contract';
import { fault, raise, toFault } from '../../kernel/fault.ts';
import { uploadTypes, type PassedAnswer, type Route, type RouteCall } from '../../kernel/route.ts';
import { parsePart } from './problems.ts';

/** What is written down about a call whose route asks for it. */
export interface AuditEntry {
  verb: string;
  actor: string;
  target: string;
  requestId: string;
  /** `ok`, or the code of the fault it ended with. */
  result: string;
  /** What else it says of itself, as what was before and what is after. */
  details?: Record<string, unknown>;
}

export interface ServeOptions {
  /** A call that takes longer is aborted and answered 504. Milliseconds. */
  timeoutMs: number;
  audit?: (entry: AuditEntry) => void;
}

/** Aborts when the client goes away before the answer is complete, or when the time is up. */
function abortion(reply: FastifyReply, timeoutMs: number) {
  const controller = new AbortController();
  const timedOut = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = fault('timeout', 'request_timeout', `No answer within ${timeoutMs / 1000} s.`);
    try {
      raise(late);
    } catch (thrown) {
      timedOut.reject(thrown);
    }
    controller.abort();
  }, timeoutMs);
  const gone = () => {
    if (!reply.raw.writableFinished) controller.abort();
  };
  reply.raw.once('close', gone);
  return {
    signal: controller.signal,
    timedOut: timedOut.promise,
    settle() {
      clearTimeout(timer);
    },
  };
}

const isIterable = (answer: unknown): answer is AsyncIterable<string | Uint8Array> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

function uploadOf({ body }: FastifyRequest): unknown {
  if (isIterable(body)) return body;
  return raise(fault('invalid', 'body_missing', `The body must be sent as ${uploadTypes.join(' or ')}.`));
}

const actorOf = (identity: Identity): string =>
  identity.kind === 'anonymous' ? 'anonymous' : `device:${identity.deviceId}`;

/** Validates the input, calls the handler, checks and sends its answer. */
export async function serveRoute(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
  options: ServeOptions,
): Promise<FastifyReply> {
  let result = 'ok';
  let about: string | null = null;
  let details: Record<string, unknown> | undefined;
  const limit = abortion(reply, route.timeoutMs ?? options.timeoutMs);
  try {
    const call: RouteCall<unknown, unknown, unknown> = {
      params: parsePart(route.params, 'params', request.params),
      query: parsePart(route.query, 'query', request.query),
      // What is signed is only believed, and so only read, once its handler has checked the signature.
      body:
        route.signed || route.passes
          ? request.body
          : route.upload
            ? uploadOf(request)
            : parsePart(route.body, 'body', request.body, route.scope.startsWith('sessions:')),
      identity,
      requestId: request.id,
      remoteAddress: request.raw.socket.remoteAddress ?? '',
      remotePort: request.raw.socket.remotePort ?? 0,
      localPort: request.raw.socket.localPort ?? 0,
      signal: limit.signal,
      header: (name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? value : null;
      },
      setHeader: (name, value) => void reply.header(name, value),
      about: (target, more) => {
        about = target;
        details = more ?? details;
      },
    };
    const handle = route.handle as (given: typeof call) => Promise<unknown>;
    const answer = await Promise.race([handle(call), limit.timedOut]);
    if (route.passes) {
      const { status, headers, body } = answer as PassedAnswer;
      return await reply.code(status).headers(headers).send(body);
    }
    if (route.download !== undefined && isIterable(answer))
      return await reply.type(route.download).send(Readable.from(answer));
    const checked = route.success.safeParse(answer);
    if (!checked.success) {
      const cause = new Error(`${route.operationId} answered what its schema does not allow`, {
        cause: checked.error,
      });
      throw cause;
    }
    reply.code(route.successStatus ?? 200);
    if (typeof checked.data === 'string') {
      if (!reply.hasHeader('content-type')) reply.type('text/plain; charset=utf-8');
      return reply.send(checked.data);
    }
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(checked.data ?? null));
  } catch (thrown) {
    result = toFault(thrown).code;
    throw thrown;
  } finally {
    limit.settle();
    if (route.audit !== 'none') {
      const target = about ?? Object.values((request.params ?? {}) as Record<string, string>).join('/');
      options.audit?.({
        verb: route.audit,
        actor: actorOf(identity),
        target,
        requestId: request.id,
        result,
        ...(details ? { details } : {}),
      });
    }
  }
}
