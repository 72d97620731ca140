import type { Identity } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import type { Route, RouteCall } from '../../kernel/route.ts';
import { parsePart } from './problems.ts';
import type { AuditEntry } from './serve-route.ts';

/** What a call over HTTP would carry. */
export interface RouteInput {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  identity: Identity;
  requestId: string;
  signal: AbortSignal;
}

/**
 * Calls a route as if it came over HTTP: the same validation, handler, check of the answer and audit. For other doors than
 * HTTP, which have decided who may call what. Raises the route's faults.
 */
export async function callRoute(
  route: Route,
  input: RouteInput,
  audit: (entry: AuditEntry) => void,
): Promise<unknown> {
  const { identity, requestId, signal } = input;
  let about: string | null = null;
  let result = 'ok';
  try {
    const call: RouteCall<unknown, unknown, unknown> = {
      params: parsePart(route.params, 'params', input.params ?? {}),
      query: parsePart(route.query, 'query', input.query ?? {}),
      body: parsePart(route.body, 'body', input.body, route.scope.startsWith('sessions:')),
      identity,
      requestId,
      signal,
      remoteAddress: '127.0.0.1',
      remotePort: 0,
      localPort: 0,
      header: () => null,
      setHeader: () => undefined,
      about: (target) => (about = target),
    };
    const answer = await (route.handle as (given: typeof call) => Promise<unknown>)(call);
    return route.success.parse(answer);
  } catch (thrown) {
    result = toFault(thrown).code;
    throw thrown;
  } finally {
    if (route.audit !== 'none') {
      const target = about ?? Object.values(input.params ?? {}).join('/');
      audit({ verb: route.audit, actor: `device:${identity.deviceId}`, target, requestId, result });
    }
  }
}
