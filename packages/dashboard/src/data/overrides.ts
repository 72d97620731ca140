import { queryOptions } from '@tanstack/react-query';
import type { ProviderOverride } from '@vigiles/contract';
import { api } from './api.ts';

/** What holds for providers for a while and is in no file: set by actions, ends by itself. */
export const overridesQuery = queryOptions({
  queryKey: ['overrides'],
  queryFn: async ({ signal }) =>
    (await api.get<{ overrides: ProviderOverride[] }>('/api/v1/ai/overrides', {}, signal)).overrides,
  refetchInterval: 30_000,
});

export const endOverride = (id: string): Promise<ProviderOverride> =>
  api.remove(`/api/v1/ai/overrides/${encodeURIComponent(id)}`);
