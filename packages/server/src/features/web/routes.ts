import { WebCache, WebFetchRequest, WebPage } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { placeOf } from './core/place-of.ts';
import type { Web } from './service.ts';

/** Pages of the web, and what is kept of them. */
export const webRoutes = (web: Web): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/api/v1/web/fetch',
    operationId: 'fetchWebPage',
    summary: 'A page of the web: as text, html, markdown or json',
    tag: 'web',
    scope: 'operate',
    audit: 'web.fetch',
    tier: 'heavy',
    timeoutMs: 150_000,
    body: WebFetchRequest,
    success: WebPage,
    faults: [
      'egress_bad_address',
      'web_disabled',
      'web_busy',
      'quota_exhausted',
      'web_robots',
      'web_not_text',
      'web_not_json',
      'web_page_unreadable',
      'egress_private_address',
      'egress_name_unknown',
      'egress_unreachable',
      'egress_redirect',
      'egress_too_large',
      'egress_bad_answer',
      'egress_timeout',
    ],
    handle({ body, identity, signal, about }) {
      about(placeOf(body.url));
      return web.fetch(body, identity, signal);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/web/cache',
    operationId: 'getWebCache',
    summary: 'Pages that are kept, the last used first; addresses without their queries',
    tag: 'web',
    scope: 'read',
    audit: 'none',
    tier: 'light',
    success: WebCache,
    faults: [],
    handle: async () => web.cache(),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/web/cache',
    operationId: 'clearWebCache',
    summary: 'Keep no page any more; each is fetched anew',
    tag: 'web',
    scope: 'operate',
    audit: 'web.cache_clear',
    tier: 'light',
    success: WebCache,
    faults: [],
    async handle() {
      web.clearCache();
      return web.cache();
    },
  }),
];
