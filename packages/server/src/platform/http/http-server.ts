import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import fastify, { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Identity } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, FaultError } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { isTooDeep, mayBeDeep, tooDeep } from '../../kernel/nesting.ts';
import { uploadTypes, type Route } from '../../kernel/route.ts';
import { createAdmission, type Access } from './admission.ts';
import { serveApiDocs } from './api-docs.ts';
import { envelopeOf, failureFrom, failureOf, type HttpFailure } from './failure.ts';
import { noSchemas } from './no-schemas.ts';
import { oauthErrorOf } from './oauth-error.ts';
import { anonymous, type Guards } from './guards.ts';
import { securityHeaders } from './headers.ts';
import { isListed } from './origin.ts';
import { openApiDocument } from './openapi-document.ts';
import { serveRoute, type AuditEntry } from './serve-route.ts';
import { serveDashboard } from './static-files.ts';
import { serveStream } from './serve-stream.ts';
import { pathMatcher } from './path-matcher.ts';
import type { StreamRoute } from './stream-route.ts';

export interface HttpServerOptions {
  routes: readonly Route[];
  streams?: readonly StreamRoute[];
  guards: Guards;
  log: Log;
  clock: Clock;
  newId: NewId;
  version: string;
  /** Read at each request, so that a reloaded configuration counts at once. */
  allowedOrigins(): readonly string[];
  audit?: (entry: AuditEntry) => void;
  /** The dashboard's build; absent, a plain page says so. */
  dashboard?: string;
  /** Bytes of a request body. */
  bodyLimit?: number;
  /** Milliseconds a handler may take. */
  timeoutMs?: number;
}

export interface HttpServer {
  /** For the sockets, which share the port. */
  server: Server;
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Lets running answers finish for a moment, then cuts what is left. */
  close(graceMs?: number): Promise<void>;
}

const identities = new WeakMap<FastifyRequest, Identity>();
const accessOf = (request: FastifyRequest): Access | undefined =>
  (request.routeOptions.config as { access?: Access }).access;

/** Serves routes as data, with one envelope for everything that goes wrong. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, clock } = options;
  const { bodyLimit = 1_048_576, timeoutMs = 30_000 } = options;

  const sendFailure = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, fault: carried }: HttpFailure,
  ) => {
    if (status >= 500)
      log.error({ requestId: request.id, err: carried.cause, code: carried.code }, 'request failed');
    if (carried.retryAfterMs !== undefined)
      reply.header('retry-after', String(Math.ceil(carried.retryAfterMs / 1000)));
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="vigiles"');
    if (accessOf(request)?.oauth) {
      return reply
        .code(status)
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(oauthErrorOf(carried)));
    }
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(
        JSON.stringify({
          ...envelopeOf(carried, clock.now()),
          ...(accessOf(request)?.detail ? { detail: carried.message } : {}),
        }),
      );
  };

  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit,
    requestTimeout: 30_000,
    // Never believed: anybody can write X-Forwarded-For.
    trustProxy: false,
    genReqId: () => options.newId('req'),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 256 },
    exposeHeadRoutes: false,
    schemaController: noSchemas,
    frameworkErrors: (thrown, request, reply) => {
      for (const [name, value] of Object.entries(securityHeaders)) reply.header(name, value);
      void sendFailure(request, reply, failureFrom(thrown));
    },
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return;
      const body = JSON.stringify(
        envelopeOf(fault('invalid', 'bad_request', 'This is not valid HTTP.'), clock.now()),
      );
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  });

  // HEAD is GET without a body (RFC 9110 §9.3.2), and node has decided by now that none will leave. Fastify's own way is a second
  // route for each GET: a third of what the routes cost at the start.
  app.server.prependListener('request', (request) => {
    if (request.method === 'HEAD') request.method = 'GET';
  });

  app.removeContentTypeParser(['text/plain', 'application/json']);
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // A signature is over the bytes: text that is no UTF-8 would not be the same any more.
    if (accessOf(request)?.signed || accessOf(request)?.passes) done(null, body);
    // Clients that always send the header also send it with nothing behind it.
    else if (body.length === 0) done(null, undefined);
    else {
      void parseJson(request, body.toString('utf8'), (error, value) => {
        const deep = !error && mayBeDeep(body as Buffer) && isTooDeep(value);
        done(deep ? new FaultError(tooDeep()) : error, value);
      });
    }
  });

  // Forms only where no cookie counts: elsewhere a form of another site would be a call with one. What is passed on to another
  // server asks for a token that no browser has.
  const form = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(form, { parseAs: 'string', bodyLimit: 16_384 }, (request, body, done) => {
    if (accessOf(request)?.passes) done(null, Buffer.from(body as string));
    else if (!request.routeOptions.url?.endsWith('/:token') && !accessOf(request)?.oauth)
      done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(form));
    else done(null, fieldsOf(body as string));
  });

  for (const type of uploadTypes) {
    app.addContentTypeParser(type, (request, payload, done) => {
      if (accessOf(request)?.upload) done(null, payload);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type));
    });
  }

  const admit = createAdmission(options);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'x-request-id': request.id });
    const origin = request.headers.origin;
    if (origin && isListed(origin, options.allowedOrigins())) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      });
      if (request.method === 'OPTIONS') {
        reply.headers({
          'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
          'access-control-allow-headers': 'authorization, content-type, last-event-id',
          'access-control-max-age': '600',
        });
        return reply.code(204).send();
      }
    }
    const access = accessOf(request);
    if (access) identities.set(request, await admit(request, reply, access));
    // An unknown path under /api tells a stranger nothing, not even that it is unknown.
    else if (request.is404 && pathOf(request).startsWith('/api')) {
      await admit(request, reply, { scope: 'read', tier: 'light' });
    }
    return undefined;
  });

  app.setErrorHandler((thrown, request, reply) => sendFailure(request, reply, failureFrom(thrown)));

  const serve = { timeoutMs, ...(options.audit ? { audit: options.audit } : {}) };
  const streams = new Map((options.streams ?? []).map((stream) => [stream.path, stream]));
  for (const route of options.routes) {
    // The end of such a path is itself a secret that its handler checks.
    const bearsToken = route.path.endsWith('/:token');
    if (route.scope === 'public' && route.path.startsWith('/api') && !bearsToken && !route.signed) {
      throw new Error(`${route.operationId} is public under /api: every /api route needs a scope`);
    }
    if (route.oauth && route.scope !== 'public')
      throw new Error(`${route.operationId} takes forms, so it cannot go by a cookie`);
    const stream = route.method === 'GET' ? streams.get(route.path) : undefined;
    if (stream) streams.delete(route.path);
    app.route({
      method: route.method,
      url: route.path,
      ...(route.signed ? { bodyLimit: route.signed.maxBytes } : {}),
      ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
      config: {
        access: {
          scope: route.scope,
          tier: route.tier,
          ...(route.signed ? { signed: true as const } : {}),
          ...(route.detail ? { detail: true as const } : {}),
          ...(route.upload ? { upload: true as const } : {}),
          ...(route.oauth ? { oauth: true as const } : {}),
          ...(route.passes ? { passes: true as const } : {}),
        },
      },
      handler: (request, reply) => {
        const identity = identities.get(request) ?? anonymous;
        if (stream && request.headers.accept?.includes('text/event-stream')) {
          return serveStream(stream, request, reply, identity);
        }
        return serveRoute(route, request, reply, identity, serve);
      },
    });
  }
  for (const stream of streams.values()) {
    app.get(
      stream.path,
      { config: { access: { scope: stream.scope, tier: stream.tier } } },
      (request, reply) => serveStream(stream, request, reply, identities.get(request) ?? anonymous),
    );
  }

  serveApiDocs(app, () => openApiDocument(options.routes, options.version, options.streams));
  const dashboard = await serveDashboard(app, options.dashboard);
  const methodsOf = pathMatcher([...options.routes, ...streams.values()]);
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request);
    const methods = methodsOf(path);
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '));
      const refused = fault('invalid', 'method_not_allowed', `${request.method} is not possible here.`, {
        details: { allowed: methods },
      });
      return sendFailure(request, reply, failureOf(refused, 405));
    }
    if (await dashboard(request, reply, path)) return reply;
    return sendFailure(
      request,
      reply,
      failureOf(fault('not-found', 'route_not_found', `There is nothing at ${path}.`)),
    );
  });
  await app.ready();

  return {
    server: app.server,
    async listen(host, port) {
      // "localhost" would make Fastify open a second server for ::1, which the sockets do not share.
      await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
      const bound = app.server.address() as AddressInfo;
      return { host: bound.address, port: bound.port };
    },
    async close(graceMs = 2000) {
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
      await app.close();
      if (app.server.listening) await once(app.server, 'close');
      clearTimeout(cut);
    },
  };
}

/** The fields of a form. One that is there twice is a list, which no schema takes: RFC 6749 §3.2 forbids it. */
function fieldsOf(form: string): Record<string, string | string[]> {
  const fields = new URLSearchParams(form);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** The decoded path without its query; as it came when it cannot be decoded. */
function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '/';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
