import { queryOptions } from '@tanstack/react-query';
import type { WebCache, WebFormat, WebPage } from '@vigiles/contract';
import { api } from './api.ts';

const path = '/api/v1/web';

export interface WebAsk {
  url: string;
  options: {
    format: WebFormat;
    include_links: boolean;
    include_images: boolean;
    respect_robots: boolean;
    cache: boolean;
  };
}

export const fetchPage = (ask: WebAsk): Promise<WebPage> => api.post(`${path}/fetch`, ask);

export const webCacheQuery = queryOptions({
  queryKey: ['web-cache'],
  queryFn: ({ signal }) => api.get<WebCache>(`${path}/cache`, {}, signal),
});

export const clearWebCache = (): Promise<WebCache> => api.remove(`${path}/cache`);
