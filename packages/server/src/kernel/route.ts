import type { z } from 'zod';
import type { Identity, RateTier, Scope } from '@vigiles/contract';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler is given: validated input and who asks. */
export interface RouteCall<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** Who asks. On a `public` route it is the anonymous identity. */
  identity: Identity;
  /** Request id, for the log. */
  requestId: string;
  /** Address of the TCP peer; `X-Forwarded-For` is never believed. */
  remoteAddress: string;
  /** The ports of its connection, there and here; 0 where nobody is connected. */
  remotePort: number;
  localPort: number;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** A request header; null where there is none. Names in lower case. */
  header(name: string): string | null;
  /** Extra response headers (cookies and the like). */
  setHeader(name: string, value: string): void;
  /** What the audit says it was about; else what its path names. `details` are redacted before they are kept. */
  about(target: string, details?: Record<string, unknown>): void;
}

/**
 * A route as data. `scope` and `audit` are required: forgetting one does not compile.
 * The platform serves it with Fastify and writes it into the OpenAPI document.
 */
export interface Route {
  method: HttpMethod;
  /** Fastify style: `/api/v1/things/:id`. */
  path: string;
  operationId: string;
  summary: string;
  tag: string;
  /** Who may call it. `public` needs no token and is only allowed outside `/api`, or where the path ends with `/:token` or the call is `signed`. */
  scope: Scope | 'public';
  /** The verb it is recorded as in the audit chain, or `none`. */
  audit: string;
  tier: RateTier;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The success answer's schema, status 200 unless said otherwise. */
  success: z.ZodType;
  successStatus?: number;
  /**
   * The answer is sent as it is made: `handle` resolves with an `AsyncIterable` of texts or bytes of this media type, or with
   * something else that is answered as JSON.
   */
  download?: string;
  /** The body is taken as it comes: `handle` is given an `AsyncIterable<Uint8Array>`, and counts it. Of one of `uploadTypes`. */
  upload?: true;
  /**
   * Its credential is a signature over its bytes, which the handler checks: the body is handed over as a `Buffer` just as it
   * came, JSON media types only, and at most so many bytes. Not limited per address: whoever signs may send a burst.
   */
  signed?: { maxBytes: number };
  /**
   * Speaks OAuth: takes forms as well as JSON, and answers errors as RFC 6749 §5.2 has them. Only for `public` routes, whose
   * credentials stand in the body: a form of another site would bring a cookie along.
   */
  oauth?: true;
  /**
   * The answer of another server is passed on as it is: the body is handed over as a `Buffer` (JSON or a form), and `handle`
   * resolves with a `PassedAnswer`. `success` is for the documentation.
   */
  passes?: true;
  /** How long it may take where that is long. Milliseconds. */
  timeoutMs?: number;
  /** Largest body where that is large. */
  bodyLimitBytes?: number;
  /** Errors carry their text as `detail` too, as clients of the seed's FastAPI server look for it. */
  detail?: true;
  /** Fault codes it may answer with, for the documentation. */
  faults: readonly string[];
  handle(call: RouteCall<never, never, never>): Promise<unknown>;
}

/** Media types of a body that is taken as it comes: none that a form of another site could send. */
export const uploadTypes = ['application/gzip', 'application/octet-stream'] as const;

/** What a route that `passes` answers with. */
export interface PassedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Types the handler from the schemas and the answer from `success`. */
export function defineRoute<
  Success extends z.ZodType,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, 'params' | 'query' | 'body' | 'success' | 'handle'> & {
    params?: Params;
    query?: Query;
    body?: Body;
    success: Success;
    handle(call: RouteCall<Parsed<Params>, Parsed<Query>, Parsed<Body>>): Promise<z.input<Success>>;
  },
): Route {
  return route as unknown as Route;
}
