import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

let onSignedOut: () => void = () => {};

/** Called when the server no longer knows this session. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (error instanceof ApiError && error.status === 401) onSignedOut();
    },
  }),
  defaultOptions: {
    queries: {
      // Live events keep the cache true; a reconnect refreshes what they could not.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      retryDelay: (attempt) => Math.min(400 * 2 ** attempt, 4000),
    },
    mutations: { networkMode: 'always' },
  },
});
