import type { Dispatcher, Pool } from 'undici';
import apiRequest from 'undici/lib/api/api-request.js';
import PoolOfUndici from 'undici/lib/dispatcher/pool.js';

/**
 * Only the two parts of undici that are used: its index also loads fetch, WebSocket, caches and mocks, 15 MB of
 * memory in a process that never needs them.
 */
export function openPool(origin: string, options: Pool.Options): Pool {
  return new PoolOfUndici(origin, options);
}

/** A plain request over a pool; turns use `dispatch` instead. */
export function requestOver(
  pool: Pool,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return apiRequest.call(pool, options);
}
