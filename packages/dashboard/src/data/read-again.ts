import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';

const awaited = new WeakSet<Query>();

function afterReading(client: QueryClient, query: Query): void {
  if (awaited.has(query)) return;
  awaited.add(query);
  const over = (): void => {
    awaited.delete(query);
    void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  };
  query.promise?.then(over, over);
}

/**
 * What is being read just now may have been written before something that happened, and would undo it in the cache:
 * it is read once more.
 */
export function readAgain(client: QueryClient, queryKey: QueryKey): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' }))
    afterReading(client, query);
}

/** Reads it anew, also where its first reading is under way, which an invalidation alone does not begin again. */
export function invalidate(client: QueryClient, queryKey: QueryKey): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' }))
    if (query.state.data === undefined) afterReading(client, query);
  void client.invalidateQueries({ queryKey });
}
