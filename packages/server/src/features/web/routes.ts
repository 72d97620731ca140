import { WebFetchRequest, WebPage } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Web } from './service.ts';

/** What may be written down of an address: its query may hold keys. */
const placeOf = (address: string): string => {
  if (!URL.canParse(address)) return 'no address';
  const { origin, pathname } = new URL(address);
  return (origin + pathname).slice(0, 300);
};

/** `POST /api/v1/web/fetch`. */
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
];
