/**
 * The parts of undici that are used. Its index also loads fetch, WebSocket, caches and mocks: half a megabyte of code and
 * several of memory in processes that never need them.
 */
import type { Dispatcher } from 'undici';
import apiRequest from 'undici/lib/api/api-request.js';

export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as Client } from 'undici/lib/dispatcher/client.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';
export { default as errors } from 'undici/lib/core/errors.js';

export type RequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { dispatcher: Dispatcher };

/** undici's `request` over a dispatcher of one's own. Throws what undici throws. */
export function request(
  to: string | URL,
  { dispatcher, ...options }: RequestOptions,
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(to);
  return apiRequest.call(dispatcher, { ...options, origin, path: `${pathname}${search}` });
}
