import type { Dispatcher } from 'undici';
import apiRequest from 'undici/lib/api/api-request.js';
import { openHttpPool, type HttpPool, type HttpRequest } from '../../../platform/http-client/index.ts';

export const openPool = openHttpPool;
export type Pool = HttpPool;

/** A plain request over a pool, its answer read by undici’s stream; turns use `dispatch` instead. */
export function requestOver(
  pool: Pool,
  options: HttpRequest & { signal?: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  return apiRequest.call(pool as unknown as Dispatcher, options as Dispatcher.RequestOptions);
}
